/**
 * The block DAG and its rules. Plain Java: no actors, no network, no database. {@link
 * kaspeer.consensus.Consensus} is the door; what lasts goes through {@link
 * kaspeer.consensus.DagStore}.
 */
@NullMarked
package kaspeer.consensus;

import org.jspecify.annotations.NullMarked;
