@NullMarked
package kaspeer.engine.dial;

import org.jspecify.annotations.NullMarked;
