/** What happens in the node, as those who watch it through the admin endpoint are told. */
@NullMarked
package kaspeer.admin.events;

import org.jspecify.annotations.NullMarked;
