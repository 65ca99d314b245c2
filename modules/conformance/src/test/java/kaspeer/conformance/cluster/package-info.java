/** Clusters of whole nodes, as processes and in containers, between kaspads that only see them. */
@NullMarked
package kaspeer.conformance.cluster;

import org.jspecify.annotations.NullMarked;
