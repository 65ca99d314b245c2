@NullMarked
package kaspeer.engine.addresses;

import org.jspecify.annotations.NullMarked;
