/**
 * What a flow is: a {@link kaspeer.flow.FlowFactory} with its {@link kaspeer.flow.FlowDescriptor},
 * and the {@link kaspeer.flow.FlowContext} through which a running flow reaches its peer and the
 * shared actors. A flow sees nothing else: no socket, no database, no other flow.
 *
 * <p>A plug-in is a jar with such factories whose descriptors have an {@link
 * kaspeer.flow.Extension}: they observe, intercept or bring messages of their own. What they are
 * given when a node starts is the {@link kaspeer.flow.FlowHost}. All public names of these packages
 * are an interface with a version, {@link kaspeer.flow.FlowApi#VERSION}.
 */
@NullMarked
package kaspeer.flow;

import org.jspecify.annotations.NullMarked;
