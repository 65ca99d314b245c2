package kaspeer.admin.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with holes: {@code /api/v1/blocks/{hash}}. A last hole with a star takes the rest, slashes
 * and all: {@code {address*}}.
 *
 * @param text as it is shown, without the star
 */
record PathTemplate(String text, List<String> segments) {
  static PathTemplate parse(String template) {
    return new PathTemplate(template.replace("*}", "}"), segmentsOf(template));
  }

  /** The holes' names, in order. */
  List<String> names() {
    return segments.stream().filter(PathTemplate::isHole).map(PathTemplate::nameOf).toList();
  }

  /**
   * What fills the holes, if the path fits.
   *
   * @param rawPath still percent-encoded, so that encoded slashes stay apart
   */
  Optional<Map<String, String>> match(String rawPath) {
    List<String> given = segmentsOf(rawPath);
    Map<String, String> holes = new LinkedHashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (i >= given.size()) {
        return Optional.empty();
      }
      if (isRest(segment)) {
        holes.put(nameOf(segment), decode(String.join("/", given.subList(i, given.size()))));
        return Optional.of(holes);
      }
      if (isHole(segment) && !given.get(i).isEmpty()) {
        holes.put(nameOf(segment), decode(given.get(i)));
      } else if (!segment.equals(given.get(i))) {
        return Optional.empty();
      }
    }
    return given.size() == segments.size() ? Optional.of(holes) : Optional.empty();
  }

  private static List<String> segmentsOf(String path) {
    String start = path.startsWith("/") ? path.substring(1) : path;
    return new ArrayList<>(Arrays.asList(start.split("/", -1)));
  }

  private static boolean isHole(String segment) {
    return segment.startsWith("{");
  }

  private static boolean isRest(String segment) {
    return segment.endsWith("*}");
  }

  private static String nameOf(String segment) {
    return segment.substring(1, segment.length() - (isRest(segment) ? 2 : 1));
  }

  /** In a path, unlike in a form, a plus is a plus. */
  private static String decode(String text) {
    return Request.decode(text.replace("+", "%2B"));
  }
}
