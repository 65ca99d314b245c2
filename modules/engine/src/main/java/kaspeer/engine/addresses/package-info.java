/** The address book: where peers can be found, who told us, and how dialling them went. */
@NullMarked
package kaspeer.engine.addresses;

import org.jspecify.annotations.NullMarked;
