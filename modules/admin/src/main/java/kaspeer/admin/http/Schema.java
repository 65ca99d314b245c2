package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The form of a JSON value, as OpenAPI 3.1 (JSON Schema) writes it. Immutable. */
sealed interface Schema {
  String meaning();

  /**
   * A string, number or boolean.
   *
   * @param format of a string: {@code date-time}, {@code hash} and the like; or empty
   */
  record Plain(String type, String format, String meaning) implements Schema {}

  /** One of a few words. */
  record Words(List<String> words, String meaning) implements Schema {}

  record Array(Schema element, String meaning) implements Schema {}

  /** One of several forms. */
  record OneOf(List<Schema> forms, String meaning) implements Schema {}

  /** Values by names that are not known beforehand. */
  record ByName(Schema value, String meaning) implements Schema {}

  /** A fixed set of members. */
  record Obj(Map<String, Member> members, String meaning) implements Schema {
    /** Adds a member that is always there. */
    Obj with(String name, Schema schema) {
      return put(name, new Member(schema, true, false));
    }

    /** Adds a member that may be missing. */
    Obj maybe(String name, Schema schema) {
      return put(name, new Member(schema, false, false));
    }

    /** Adds a member that is always there and may be null. */
    Obj nullable(String name, Schema schema) {
      return put(name, new Member(schema, true, true));
    }

    private Obj put(String name, Member member) {
      Map<String, Member> more = new LinkedHashMap<>(members);
      more.put(name, member);
      return new Obj(more, meaning);
    }
  }

  /** A member of an object. */
  record Member(Schema schema, boolean required, boolean nullable) {}

  static Plain string(String meaning) {
    return new Plain("string", "", meaning);
  }

  static Plain hash(String meaning) {
    return new Plain("string", "hash", meaning);
  }

  static Plain time(String meaning) {
    return new Plain("string", "date-time", meaning);
  }

  static Plain integer(String meaning) {
    return new Plain("integer", "", meaning);
  }

  static Plain number(String meaning) {
    return new Plain("number", "", meaning);
  }

  static Plain bool(String meaning) {
    return new Plain("boolean", "", meaning);
  }

  static Words words(String meaning, String... words) {
    return new Words(List.of(words), meaning);
  }

  static Array array(Schema element, String meaning) {
    return new Array(element, meaning);
  }

  static ByName byName(Schema value, String meaning) {
    return new ByName(value, meaning);
  }

  static Obj object(String meaning) {
    return new Obj(Map.of(), meaning);
  }

  /** The JSON Schema. */
  default ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (this) {
      case Plain plain -> {
        json.put("type", plain.type);
        if (plain.format.equals("hash")) {
          json.put("pattern", "^[0-9a-f]{64}$");
        } else if (!plain.format.isEmpty()) {
          json.put("format", plain.format);
        }
      }
      case Words words -> {
        json.put("type", "string");
        words.words.forEach(json.putArray("enum")::add);
      }
      case Array array -> json.put("type", "array").set("items", array.element.toJson());
      case OneOf oneOf -> {
        ArrayNode forms = json.putArray("oneOf");
        oneOf.forms.forEach(form -> forms.add(form.toJson()));
      }
      case ByName byName ->
          json.put("type", "object").set("additionalProperties", byName.value.toJson());
      case Obj object -> describe(object, json);
    }
    if (!meaning().isEmpty()) {
      json.put("description", meaning());
    }
    return json;
  }

  private static void describe(Obj object, ObjectNode json) {
    json.put("type", "object");
    ObjectNode properties = json.putObject("properties");
    var required = JsonNodeFactory.instance.arrayNode();
    object.members.forEach(
        (name, member) -> {
          ObjectNode schema = member.schema.toJson();
          if (member.nullable) {
            JsonNode type = schema.get("type");
            schema.putArray("type").add(type).add("null");
          }
          properties.set(name, schema);
          if (member.required) {
            required.add(name);
          }
        });
    if (!required.isEmpty()) {
      json.set("required", required);
    }
  }
}
