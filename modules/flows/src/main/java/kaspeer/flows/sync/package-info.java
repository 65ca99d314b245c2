/**
 * The sync with one peer: the client flow, driven by the arbiter's directives ({@link
 * kaspeer.flow.peers.Sync}), and one server flow for each family of requests. Which peer leads, who
 * serves what and who is too slow is the arbiter's to decide.
 */
@NullMarked
package kaspeer.flows.sync;

import org.jspecify.annotations.NullMarked;
