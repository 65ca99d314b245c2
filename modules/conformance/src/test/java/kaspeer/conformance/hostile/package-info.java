/**
 * The attacks of hostile peers against a whole node in a heap of 512 MiB. What HTTP/2 and single
 * frames can do is tried in the transport module's own tests as well, case by case; many addresses
 * of one prefix only there, for loopback, all that a test has many addresses of, is exempt from
 * those bounds.
 */
@NullMarked
package kaspeer.conformance.hostile;

import org.jspecify.annotations.NullMarked;
