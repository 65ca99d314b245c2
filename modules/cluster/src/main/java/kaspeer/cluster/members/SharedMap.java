package kaspeer.cluster.members;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.LWWMapKey;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.ddata.typed.javadsl.Replicator;
import org.apache.pekko.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;

/**
 * A map that all members have: the last one to write an entry wins, and after any partition all
 * come to hold the same.
 */
public final class SharedMap {
  private SharedMap() {}

  /** What the actor takes. */
  public sealed interface Command {}

  /** Writes an entry, for all. */
  public record Put(String key, String value) implements Command {}

  /** Removes an entry, for all. */
  public record Remove(String key) implements Command {}

  private record Changed(Replicator.SubscribeResponse<LWWMap<String, String>> response)
      implements Command {}

  private record Written(Replicator.UpdateResponse<LWWMap<String, String>> response)
      implements Command {}

  /**
   * The actor.
   *
   * @param name by which all members know the map
   * @param onChange hears of what is in it, whenever that changes, from whichever side
   */
  public static Behavior<Command> create(String name, Consumer<Map<String, String>> onChange) {
    Key<LWWMap<String, String>> key = LWWMapKey.create(name);
    return Behaviors.setup(
        context ->
            DistributedData.withReplicatorMessageAdapter(
                (ReplicatorMessageAdapter<Command, LWWMap<String, String>> replicator) -> {
                  SelfUniqueAddress self =
                      DistributedData.get(context.getSystem()).selfUniqueAddress();
                  replicator.subscribe(key, Changed::new);
                  return Behaviors.receiveMessage(
                      command -> {
                        switch (command) {
                          case Put(var entry, var value) ->
                              replicator.askUpdate(
                                  replyTo ->
                                      new Replicator.Update<>(
                                          key,
                                          LWWMap.<String, String>create(),
                                          Replicator.writeLocal(),
                                          replyTo,
                                          map -> map.put(self, entry, value)),
                                  Written::new);
                          case Remove(var entry) ->
                              replicator.askUpdate(
                                  replyTo ->
                                      new Replicator.Update<>(
                                          key,
                                          LWWMap.<String, String>create(),
                                          Replicator.writeLocal(),
                                          replyTo,
                                          map -> map.remove(self, entry)),
                                  Written::new);
                          case Changed(Replicator.Changed<LWWMap<String, String>> changed) ->
                              onChange.accept(Map.copyOf(changed.get(key).getEntries()));
                          case Changed _, Written _ -> {}
                        }
                        return Behaviors.same();
                      });
                }));
  }
}
