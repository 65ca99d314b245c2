/**
 * Addresses as numbers: ranges of them, the groups that diversity is measured by, and which can be
 * routed.
 */
@NullMarked
package kaspeer.engine.net;

import org.jspecify.annotations.NullMarked;
