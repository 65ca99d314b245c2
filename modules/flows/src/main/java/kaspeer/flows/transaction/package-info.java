/** Transactions: announced, fetched, served (protocol reference 5.8). */
@NullMarked
package kaspeer.flows.transaction;

import org.jspecify.annotations.NullMarked;
