@NullMarked
package kaspeer.cluster.core;

import org.jspecify.annotations.NullMarked;
