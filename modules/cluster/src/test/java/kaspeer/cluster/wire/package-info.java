@NullMarked
package kaspeer.cluster.wire;

import org.jspecify.annotations.NullMarked;
