/**
 * The admin endpoint: routes, who may use them, and their description, over the admin actor.
 * HTTP/1.1, no TLS.
 */
@NullMarked
package kaspeer.admin.http;

import org.jspecify.annotations.NullMarked;
