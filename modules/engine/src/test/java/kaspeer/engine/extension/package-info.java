@NullMarked
package kaspeer.engine.extension;

import org.jspecify.annotations.NullMarked;
