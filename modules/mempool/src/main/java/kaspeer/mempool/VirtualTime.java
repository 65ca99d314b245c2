package kaspeer.mempool;

/**
 * Where the DAG stands, for lock times and expiry.
 *
 * @param daaScore of a block that would be made now
 * @param pastMedianTime of that block, milliseconds since 1970
 */
public record VirtualTime(long daaScore, long pastMedianTime) {}
