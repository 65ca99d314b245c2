package kaspeer.engine.sync;

import java.time.Duration;

/**
 * Times and limits of the sync.
 *
 * @param stallAfter how long a peer may be silent while another could take over; with nobody to
 *     take over, the protocol's own timeout applies
 * @param floorPerMinute headers or bodies a minute below which a peer counts as stalled; by default
 *     what the network makes
 * @param floorWindow how long we must have waited for a peer before it is judged by that
 * @param replacementPause shortest time between two replacements for being slow
 * @param hedgeAfter how long the bodies needed next may take before an idle peer is asked for them
 *     too
 * @param claimPatience how long a block that a peer announced may be missing before it is synced
 *     for
 * @param coolDown how long a peer is left alone that could not be synced from
 * @param requestBodies bodies in one request (protocol reference 6.10)
 * @param requestsPerPeer open requests for bodies at one peer, at most
 * @param servers peers that serve bodies at once, at most
 * @param windowBytes bodies held until those before them arrive, at most
 * @param submitBodies bodies handed to the DAG at once, at most
 * @param submitBytes the same in bytes; one body always goes
 * @param submissions of bodies that may be at the DAG at once
 * @param workLimit bodies looked up ahead
 * @param logInterval between two lines of progress
 */
public record SyncSettings(
    Duration stallAfter,
    int floorPerMinute,
    Duration floorWindow,
    Duration replacementPause,
    Duration hedgeAfter,
    Duration claimPatience,
    Duration coolDown,
    int requestBodies,
    int requestsPerPeer,
    int servers,
    long windowBytes,
    int submitBodies,
    long submitBytes,
    int submissions,
    int workLimit,
    Duration logInterval) {

  public static final SyncSettings DEFAULT =
      new SyncSettings(
          Duration.ofSeconds(20),
          600,
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          Duration.ofMinutes(10),
          99,
          4,
          8,
          32L << 20,
          512,
          4L << 20,
          2,
          16_384,
          Duration.ofSeconds(5));
}
