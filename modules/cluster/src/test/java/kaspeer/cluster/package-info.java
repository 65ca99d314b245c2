@NullMarked
package kaspeer.cluster;

import org.jspecify.annotations.NullMarked;
