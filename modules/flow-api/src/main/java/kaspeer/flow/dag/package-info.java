/**
 * The Dag protocol: the only way to the block DAG. In a cluster a proxy speaks it for a remote one.
 */
@NullMarked
package kaspeer.flow.dag;

import org.jspecify.annotations.NullMarked;
