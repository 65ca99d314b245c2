/** Asks a running node through its admin endpoint, and shows the answers to people. */
@NullMarked
package kaspeer.node.client;

import org.jspecify.annotations.NullMarked;
