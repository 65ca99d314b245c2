package kaspeer.admin;

import kaspeer.primitives.Hash;

/**
 * Where the selected chain ends, because this version of the node cannot judge the next block: the
 * node is no more of use, though everything in it works.
 *
 * @param hash of the block that cannot be judged
 */
public record ChainStop(Hash hash, String detail) {}
