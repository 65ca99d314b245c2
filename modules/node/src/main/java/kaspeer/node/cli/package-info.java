/** The command line. */
@NullMarked
package kaspeer.node.cli;

import org.jspecify.annotations.NullMarked;
