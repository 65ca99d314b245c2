@NullMarked
package kaspeer.engine.catalogue;

import org.jspecify.annotations.NullMarked;
