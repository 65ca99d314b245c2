/** Tests of links over real sockets, honest and hostile. */
@NullMarked
package kaspeer.transport;

import org.jspecify.annotations.NullMarked;
