/**
 * What crosses between members: serializer, converters of the DAG's and the mempool's protocols,
 * transfers in parts.
 */
@NullMarked
package kaspeer.cluster.wire;

import org.jspecify.annotations.NullMarked;
