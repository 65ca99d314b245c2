/**
 * Flows of plug-ins: what they observe, intercept and say under numbers of their own, on threads of
 * their own. Nothing of a plug-in's code runs in an actor of the engine, and no peer waits for one
 * but for the deadline of an interception. Without plug-ins none of this exists in a running node.
 */
@NullMarked
package kaspeer.engine.extension;

import org.jspecify.annotations.NullMarked;
