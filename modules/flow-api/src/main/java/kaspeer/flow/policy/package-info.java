/** What follows from a peer's breach of a rule: a table by reason, with two presets. */
@NullMarked
package kaspeer.flow.policy;

import org.jspecify.annotations.NullMarked;
