package kaspeer.storage;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.storage.StoreException.Reason;

/**
 * What a store says of itself: one name and one value a line, the format version first. Parameters
 * that only one side knows are not compared, so that a new one does not shut out older directories.
 *
 * <p>Format 1 has headers and bodies. Format 2 also has the UTXO state, in tables that format 1
 * does not know; what it has of format 1 is the same. So a directory of format 1 is taken over as
 * it is, and the consensus makes the UTXO state from the bodies; but a program that only knows
 * format 1 must not touch it any more.
 */
record StoreFormat(Path directory, Map<String, String> entries) {
  static final int VERSION = 2;

  private static final String FORMAT = "kaspeer-store";
  private static final String NETWORK = "network";
  private static final String GENESIS = "genesis";
  private static final Set<String> NOT_PLAIN = Set.of(NETWORK, GENESIS);

  static StoreFormat of(Path directory, Params params) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(FORMAT, Integer.toString(VERSION));
    entries.put(NETWORK, params.network().wireName());
    entries.put(GENESIS, params.genesis().hash().toString());
    for (RecordComponent component : Params.class.getRecordComponents()) {
      if (!NOT_PLAIN.contains(component.getName())) {
        entries.put(component.getName(), value(component, params));
      }
    }
    return new StoreFormat(directory, entries);
  }

  static StoreFormat parse(Path directory, String text) {
    Map<String, String> entries = new LinkedHashMap<>();
    text.lines()
        .forEach(
            line -> {
              int space = line.indexOf(' ');
              if (space > 0) {
                entries.put(line.substring(0, space), line.substring(space + 1));
              }
            });
    return new StoreFormat(directory, entries);
  }

  String text() {
    return entries.entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /**
   * @throws StoreException if this is of a newer format, or of another network, genesis or
   *     parameters
   */
  void requireFits(Params params) {
    requireVersion();
    for (Map.Entry<String, String> wanted : of(directory, params).entries.entrySet()) {
      String name = wanted.getKey();
      String stored = name.equals(FORMAT) ? null : entries.get(name);
      if (stored != null && !stored.equals(wanted.getValue())) {
        if (name.equals(NETWORK)) {
          throw otherNetwork(stored, params.network());
        }
        Reason reason = NOT_PLAIN.contains(name) ? Reason.OTHER_NETWORK : Reason.OTHER_PARAMETERS;
        throw new StoreException(
            reason,
            "the data directory "
                + directory
                + " was made with "
                + name
                + " "
                + stored
                + ", not "
                + wanted.getValue());
      }
    }
  }

  /** In the words of the options that help. */
  private StoreException otherNetwork(String stored, Network wanted) {
    String made =
        Arrays.stream(Network.values())
            .filter(network -> network.wireName().equals(stored))
            .map(Network::optionName)
            .findFirst()
            .orElse(stored);
    return new StoreException(
        Reason.OTHER_NETWORK,
        "the data directory "
            + directory
            + " was made for "
            + made
            + ", not for "
            + wanted.optionName()
            + ": give --network "
            + made
            + ", or another --data-dir");
  }

  /**
   * Whether this is of an older format, which is to be taken over.
   *
   * @throws StoreException if it is of no format
   */
  boolean isOlder() {
    return version() < VERSION;
  }

  private int version() {
    String stored = entries.get(FORMAT);
    if (stored == null) {
      throw new StoreException(
          Reason.NOT_OURS,
          directory
              + " is not a Kaspeer data directory: its FORMAT file has no line '"
              + FORMAT
              + "' with a version");
    }
    try {
      return Integer.parseInt(stored);
    } catch (NumberFormatException e) {
      throw new StoreException(
          Reason.NOT_OURS,
          directory
              + " is not a Kaspeer data directory: its FORMAT file says '"
              + FORMAT
              + " "
              + stored
              + "'",
          e);
    }
  }

  private void requireVersion() {
    int version = version();
    if (version > VERSION) {
      throw new StoreException(
          Reason.NEWER_FORMAT,
          "the data directory "
              + directory
              + " has format "
              + version
              + " of a newer version; this one knows "
              + VERSION);
    }
  }

  private static String value(RecordComponent component, Params params) {
    try {
      return String.valueOf(component.getAccessor().invoke(params));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("parameters are a public record", e);
    }
  }
}
