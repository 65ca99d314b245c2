package kaspeer.consensus;

/**
 * What the pipeline has done since it was opened. Times are in nanoseconds; isolation is the sum
 * over all workers, the rest is of the committer's one thread.
 *
 * @param headers headers accepted
 * @param bodies bodies accepted
 * @param invalid headers and bodies that broke a rule
 * @param commits batches written to the store
 * @param isolationNanos stateless checks: proof of work, merkle roots and the like
 * @param ghostdagNanos looking up parents, GHOSTDAG
 * @param windowNanos DAA score, difficulty, past median time
 * @param levelNanos depth points, bounded merge, indirect parents
 * @param insertionNanos adding headers to memory, reachability for the most part
 * @param bodyContextNanos bodies in context
 * @param virtualNanos sink, selected chain, virtual block
 * @param storeNanos writing to the store
 * @param inFlightBytes bytes handed in without a verdict, as of now
 * @param memoryBytes bytes of the DAG in memory, as of now
 */
public record ConsensusMetrics(
    long headers,
    long bodies,
    long invalid,
    long commits,
    long isolationNanos,
    long ghostdagNanos,
    long windowNanos,
    long levelNanos,
    long insertionNanos,
    long bodyContextNanos,
    long virtualNanos,
    long storeNanos,
    long inFlightBytes,
    long memoryBytes) {}
