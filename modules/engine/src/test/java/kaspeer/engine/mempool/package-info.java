@NullMarked
package kaspeer.engine.mempool;

import org.jspecify.annotations.NullMarked;
