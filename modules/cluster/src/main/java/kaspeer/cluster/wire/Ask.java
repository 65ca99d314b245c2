package kaspeer.cluster.wire;

import java.util.function.Consumer;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.Question;
import org.jspecify.annotations.Nullable;

/**
 * A question on its way to a core. Every question may be asked more than once: what is submitted
 * twice is known the second time.
 *
 * @param onAnswer hears the answer once; throws {@link MalformedMessageException} if it is none
 * @param unavailable what is said instead if no core answers in time; null: nothing, and whoever
 *     asked goes on waiting
 */
public record Ask(Question question, Consumer<Answer> onAnswer, @Nullable Runnable unavailable) {}
