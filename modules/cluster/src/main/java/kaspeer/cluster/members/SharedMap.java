package kaspeer.cluster.members;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
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

  private enum Tell implements Command {
    ALL
  }

  /** How an entry is changed. */
  private interface Change {
    LWWMap<String, String> of(LWWMap<String, String> part, SelfUniqueAddress self);
  }

  private static final Duration PAUSE = Duration.ofMillis(100);

  /**
   * The actor.
   *
   * @param name by which all members know the map
   * @param parts in how many it is; the same at all members
   * @param onChange hears of what is in it, a moment after that has changed, from whichever side
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
                  keys.forEach(key -> replicator.subscribe(key, Changed::new));
                  Open open = new Open(context, keys, replicator, onChange);
                  return Behaviors.receiveMessage(
                      command -> {
                        open.onMessage(command);
                        return Behaviors.same();
                      });
                }));
  }

  /** The map as it is known here. */
  private static final class Open {
    private final ActorContext<Command> context;
    private final List<Key<LWWMap<String, String>>> keys;
    private final ReplicatorMessageAdapter<Command, LWWMap<String, String>> replicator;
    private final Consumer<Map<String, String>> onChange;
    private final SelfUniqueAddress self;
    private final Map<String, Map<String, String>> known = new HashMap<>();
    private boolean telling;

    Open(
        ActorContext<Command> context,
        List<Key<LWWMap<String, String>>> keys,
        ReplicatorMessageAdapter<Command, LWWMap<String, String>> replicator,
        Consumer<Map<String, String>> onChange) {
      this.context = context;
      this.keys = keys;
      this.replicator = replicator;
      this.onChange = onChange;
      this.self = DistributedData.get(context.getSystem()).selfUniqueAddress();
    }

    void onMessage(Command command) {
      switch (command) {
        case Put(var entry, var value) -> update(entry, (map, by) -> map.put(by, entry, value));
        case Remove(var entry) -> update(entry, (map, by) -> map.remove(by, entry));
        case Changed(Replicator.Changed<LWWMap<String, String>> changed) -> {
          known.put(changed.key().id(), Map.copyOf(changed.get(changed.key()).getEntries()));
          // Many parts change at a time.
          if (!telling) {
            telling = true;
            context.scheduleOnce(PAUSE, context.getSelf(), Tell.ALL);
          }
        }
        case Tell.ALL -> {
          telling = false;
          Map<String, String> all = new HashMap<>();
          known.values().forEach(all::putAll);
          onChange.accept(Map.copyOf(all));
        }
        case Changed _, Written _ -> {}
      }
    }

    /** In which part an entry is depends on how text is hashed, which is part of the language. */
    private void update(String entry, Change change) {
      Key<LWWMap<String, String>> key = keys.get(Math.floorMod(entry.hashCode(), keys.size()));
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
  }
}
