/**
 * The catalogue of flows: who handles which message in which version, checked when a node starts.
 */
@NullMarked
package kaspeer.engine.catalogue;

import org.jspecify.annotations.NullMarked;
