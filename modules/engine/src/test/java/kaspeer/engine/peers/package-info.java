@NullMarked
package kaspeer.engine.peers;

import org.jspecify.annotations.NullMarked;
