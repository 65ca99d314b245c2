/** The side of an edge: the DAG and the mempool of a core, spoken to as if they were here. */
@NullMarked
package kaspeer.cluster.edge;

import org.jspecify.annotations.NullMarked;
