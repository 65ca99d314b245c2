package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Holds a value to a schema, to the letter: nothing missing, nothing more. */
final class SchemaCheck {
  private SchemaCheck() {}

  /** What differs; empty if nothing does. */
  static List<String> differences(Schema schema, JsonNode value) {
    List<String> found = new ArrayList<>();
    check("$", schema, value, found);
    return found;
  }

  private static void check(String path, Schema schema, JsonNode value, List<String> found) {
    switch (schema) {
      case Schema.Plain plain -> plain(path, plain, value, found);
      case Schema.Words words -> {
        if (!value.isTextual() || !words.words().contains(value.asText())) {
          found.add(path + " is " + value + ", not one of " + words.words());
        }
      }
      case Schema.Array array -> {
        if (!value.isArray()) {
          found.add(path + " is no array: " + value);
        }
        value.forEach(element -> check(path + "[]", array.element(), element, found));
      }
      case Schema.OneOf oneOf -> {
        if (oneOf.forms().stream().noneMatch(form -> differences(form, value).isEmpty())) {
          found.add(path + " has none of the forms: " + value);
        }
      }
      case Schema.ByName byName -> {
        if (!value.isObject()) {
          found.add(path + " is no object: " + value);
        }
        value.forEach(member -> check(path + ".*", byName.value(), member, found));
      }
      case Schema.Obj object -> object(path, object, value, found);
    }
  }

  private static void object(String path, Schema.Obj object, JsonNode value, List<String> found) {
    value
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!object.members().containsKey(name)) {
                found.add(path + "." + name + " is not described");
              }
            });
    object
        .members()
        .forEach(
            (name, member) -> {
              JsonNode present = value.path(name);
              if (present.isMissingNode()) {
                if (member.required()) {
                  found.add(path + "." + name + " is missing");
                }
              } else if (!present.isNull() || !member.nullable()) {
                check(path + "." + name, member.schema(), present, found);
              }
            });
  }

  private static void plain(String path, Schema.Plain plain, JsonNode value, List<String> found) {
    boolean fits =
        switch (plain.type()) {
          case "string" ->
              value.isTextual()
                  && (!plain.format().equals("hash") || value.asText().matches("[0-9a-f]{64}"));
          case "integer" -> value.isIntegralNumber();
          case "number" -> value.isNumber();
          case "boolean" -> value.isBoolean();
          default -> throw new IllegalArgumentException(plain.type());
        };
    if (!fits) {
      found.add(path + " is " + value + ", not " + plain);
    }
  }
}
