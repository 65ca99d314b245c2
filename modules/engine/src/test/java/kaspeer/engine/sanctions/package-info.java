@NullMarked
package kaspeer.engine.sanctions;

import org.jspecify.annotations.NullMarked;
