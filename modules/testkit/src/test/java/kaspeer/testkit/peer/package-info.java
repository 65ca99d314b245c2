/** Tests of the package. */
@NullMarked
package kaspeer.testkit.peer;

import org.jspecify.annotations.NullMarked;
