@NullMarked
package kaspeer.engine.peer;

import org.jspecify.annotations.NullMarked;
