package kaspeer.cluster.members;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
 * come to hold the same. What does not fit into one frame never reaches another member, so a large
 * map is in several parts, each of which is told by itself.
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

  /** How an entry is changed. */
  private interface Change {
    LWWMap<String, String> of(LWWMap<String, String> part, SelfUniqueAddress self);
  }

  /**
   * The actor.
   *
   * @param name by which all members know the map
   * @param parts in how many it is; the same at all members
   * @param onChange hears of what is in it, whenever that changes, from whichever side
   */
  public static Behavior<Command> create(
      String name, int parts, Consumer<Map<String, String>> onChange) {
    List<Key<LWWMap<String, String>>> keys = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      keys.add(LWWMapKey.create(name + "-" + part));
    }
    return Behaviors.setup(
        context ->
            DistributedData.withReplicatorMessageAdapter(
                (ReplicatorMessageAdapter<Command, LWWMap<String, String>> replicator) -> {
                  SelfUniqueAddress self =
                      DistributedData.get(context.getSystem()).selfUniqueAddress();
                  keys.forEach(key -> replicator.subscribe(key, Changed::new));
                  Map<String, Map<String, String>> known = new HashMap<>();
                  return Behaviors.receiveMessage(
                      command -> {
                        switch (command) {
                          case Put(var entry, var value) ->
                              update(
                                  replicator,
                                  self,
                                  keys.get(part(entry, parts)),
                                  (map, by) -> map.put(by, entry, value));
                          case Remove(var entry) ->
                              update(
                                  replicator,
                                  self,
                                  keys.get(part(entry, parts)),
                                  (map, by) -> map.remove(by, entry));
                          case Changed(Replicator.Changed<LWWMap<String, String>> changed) -> {
                            known.put(
                                changed.key().id(),
                                Map.copyOf(changed.get(changed.key()).getEntries()));
                            Map<String, String> all = new HashMap<>();
                            known.values().forEach(all::putAll);
                            onChange.accept(Map.copyOf(all));
                          }
                          case Changed _, Written _ -> {}
                        }
                        return Behaviors.same();
                      });
                }));
  }

  private static void update(
      ReplicatorMessageAdapter<Command, LWWMap<String, String>> replicator,
      SelfUniqueAddress self,
      Key<LWWMap<String, String>> key,
      Change change) {
    replicator.askUpdate(
        replyTo ->
            new Replicator.Update<>(
                key,
                LWWMap.<String, String>create(),
                Replicator.writeLocal(),
                replyTo,
                map -> change.of(map, self)),
        Written::new);
  }

  /** The same at all members: how text is hashed is part of the language. */
  private static int part(String entry, int parts) {
    return Math.floorMod(entry.hashCode(), parts);
  }
}
