/** The examples that docs/ shows, word for word. */
@NullMarked
package kaspeer.example;

import org.jspecify.annotations.NullMarked;
