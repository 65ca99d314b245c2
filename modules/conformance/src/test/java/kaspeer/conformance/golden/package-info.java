/**
 * Messages as kaspad wrote them, and DAGs as it judged them: how they were recorded, and that ours
 * are the same.
 */
@NullMarked
package kaspeer.conformance.golden;

import org.jspecify.annotations.NullMarked;
