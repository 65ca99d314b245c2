/**
 * The actors that all peers share, and the supervisor of each peer. Rooms by concern; this package
 * holds what they tell the world.
 */
@NullMarked
package kaspeer.engine;

import org.jspecify.annotations.NullMarked;
