@NullMarked
package kaspeer.engine.dag;

import org.jspecify.annotations.NullMarked;
