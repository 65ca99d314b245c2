/** What is in {@code deploy/}: files that operators take as they are, and the container image. */
@NullMarked
package kaspeer.conformance.deploy;

import org.jspecify.annotations.NullMarked;
