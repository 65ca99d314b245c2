@NullMarked
package kaspeer.cluster.edge;

import org.jspecify.annotations.NullMarked;
