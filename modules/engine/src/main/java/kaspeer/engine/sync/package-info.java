/**
 * The arbiter of the sync: which peer leads, which ones serve bodies, how fast they are, and who
 * takes over.
 */
@NullMarked
package kaspeer.engine.sync;

import org.jspecify.annotations.NullMarked;
