/**
 * The side of a core: sessions of edges, and their questions put to the DAG and the mempool here.
 */
@NullMarked
package kaspeer.cluster.core;

import org.jspecify.annotations.NullMarked;
