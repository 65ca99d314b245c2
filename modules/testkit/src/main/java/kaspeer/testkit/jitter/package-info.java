/** Disorder, to find tests and code that rely on an order which nobody promised. */
@NullMarked
package kaspeer.testkit.jitter;

import org.jspecify.annotations.NullMarked;
