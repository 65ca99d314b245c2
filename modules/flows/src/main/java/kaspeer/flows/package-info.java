/**
 * The built-in flows: one class a flow, one package a topic, all of them listed in {@link
 * kaspeer.flows.BuiltInFlows}.
 */
@NullMarked
package kaspeer.flows;

import org.jspecify.annotations.NullMarked;
