@NullMarked
package kaspeer.cluster.members;

import org.jspecify.annotations.NullMarked;
