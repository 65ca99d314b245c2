@NullMarked
package kaspeer.engine.net;

import org.jspecify.annotations.NullMarked;
