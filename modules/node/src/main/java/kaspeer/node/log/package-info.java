/** What a node says while it runs: log lines, and the progress of a sync. */
@NullMarked
package kaspeer.node.log;

import org.jspecify.annotations.NullMarked;
