/** What all parts of the test kit need. */
@NullMarked
package kaspeer.testkit;

import org.jspecify.annotations.NullMarked;
