/** Tests of the package. */
@NullMarked
package kaspeer.testkit.chain;

import org.jspecify.annotations.NullMarked;
