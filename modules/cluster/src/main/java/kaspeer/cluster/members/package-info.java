/**
 * What Pekko's cluster needs of its members: when one is taken for lost, whether it is of the same
 * network, and how a shared map is told.
 */
@NullMarked
package kaspeer.cluster.members;

import org.jspecify.annotations.NullMarked;
