/**
 * The actors that all peers share, and the supervisor of each peer. Rooms by concern; this package
 * puts them together and holds what they tell the world, what they are given, and the small things
 * that several of them use.
 */
@NullMarked
package kaspeer.engine;

import org.jspecify.annotations.NullMarked;
