package kaspeer.crypto.lanes;

import kaspeer.primitives.Hash;

/**
 * The state of an active lane.
 *
 * @param tip commits to all that was accepted in the lane since it became active
 * @param touchBlueScore blue score of the last chain block that accepted something in it, unsigned
 */
public record Lane(Hash tip, long touchBlueScore) {}
