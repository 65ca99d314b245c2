/** The page in a real browser. */
@NullMarked
package kaspeer.node.page;

import org.jspecify.annotations.NullMarked;
