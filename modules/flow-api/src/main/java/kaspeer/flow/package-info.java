/**
 * What a flow is: a {@link kaspeer.flow.FlowFactory} with its {@link kaspeer.flow.FlowDescriptor},
 * and the {@link kaspeer.flow.FlowContext} through which a running flow reaches its peer and the
 * shared actors. A flow sees nothing else: no socket, no database, no other flow.
 */
@NullMarked
package kaspeer.flow;

import org.jspecify.annotations.NullMarked;
