/** What several flows need and none owns. */
@NullMarked
package kaspeer.flows.common;

import org.jspecify.annotations.NullMarked;
