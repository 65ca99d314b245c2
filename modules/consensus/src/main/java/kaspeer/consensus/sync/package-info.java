/**
 * What a node that syncs asks of the DAG: locators, ranges of headers, missing bodies (protocol
 * reference 5.10 to 5.13 and 6.10). Reads only, in short slices, so that commits do not wait; a
 * block's past and chain never change, so slices fit together whatever is committed between them.
 */
@NullMarked
package kaspeer.consensus.sync;

import org.jspecify.annotations.NullMarked;
