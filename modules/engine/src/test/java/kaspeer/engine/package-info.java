/** Whole engines in one JVM, over real loopback connections. */
@NullMarked
package kaspeer.engine;

import org.jspecify.annotations.NullMarked;
