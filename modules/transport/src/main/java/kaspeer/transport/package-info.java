/**
 * The network's streams as links: one HTTP/2 connection, one gRPC stream, one peer.
 *
 * <p>{@link kaspeer.transport.P2pServer} accepts, {@link kaspeer.transport.P2pClient} dials, both
 * yield a {@link kaspeer.transport.Link}. What comes in is read as fast as the consumer pulls and
 * checked before it becomes objects; what goes out waits in queues bounded in bytes until the peer
 * takes it. Admission is decided before anything is allocated. The only package that knows gRPC and
 * Netty.
 */
@NullMarked
package kaspeer.transport;

import org.jspecify.annotations.NullMarked;
