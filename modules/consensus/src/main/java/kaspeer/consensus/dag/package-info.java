/**
 * The DAG in memory and what consensus computes from it (consensus reference 3.2 to 3.6, 4, 7.1):
 * blocks by dense ids in arrays, reachability, GHOSTDAG, sampled windows, depth points, indirect
 * parents.
 *
 * <p>One thread changes it ({@link kaspeer.consensus.Consensus} has a committer for that); others
 * may read while nothing is being changed. Nothing here knows threads, disks or verdicts.
 */
@NullMarked
package kaspeer.consensus.dag;

import org.jspecify.annotations.NullMarked;
