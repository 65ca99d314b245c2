/**
 * The admin actor: what an operator may ask of a running node, and what it answers. HTTP and tests
 * are skins over it.
 */
@NullMarked
package kaspeer.admin;

import org.jspecify.annotations.NullMarked;
