/**
 * Many machines that are one node to the network: who is a member, which core an edge uses, and
 * what all of them share.
 */
@NullMarked
package kaspeer.cluster;

import org.jspecify.annotations.NullMarked;
