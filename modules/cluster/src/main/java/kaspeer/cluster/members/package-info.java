/** Who is a member, what each says of itself, and what all share. */
@NullMarked
package kaspeer.cluster.members;

import org.jspecify.annotations.NullMarked;
