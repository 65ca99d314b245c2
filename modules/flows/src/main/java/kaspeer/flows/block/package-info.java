/** Blocks as they are mined: announced, fetched, served (protocol reference 5.3 to 5.7). */
@NullMarked
package kaspeer.flows.block;

import org.jspecify.annotations.NullMarked;
