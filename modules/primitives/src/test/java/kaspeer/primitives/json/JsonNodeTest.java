package kaspeer.primitives.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonNodeTest {
  private static final ObjectMapper JACKSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  @Test
  void valuesAreFoundByPath() {
    JsonNode root =
        JsonNode.parse(
            " {\"a\": [1, {\"b\": \"x\\u00e9\\n\\ud83d\\ude00\"}], \"c\": null, \"\": true}\r\n\t");
    assertThat(root.names()).containsExactly("a", "c", "");
    assertThat(root.get("a").elements().get(1).get("b").asString()).isEqualTo("xé\n😀");
    assertThat(root.get("a").elements().get(1).get("b").path()).isEqualTo("a[1].b");
    assertThat(root.find("c")).isNull();
    assertThat(root.find("d")).isNull();
    assertThat(root.get("").asBoolean()).isTrue();
  }

  @Test
  void numbersAreExactUpTo64Bits() {
    assertThat(JsonNode.parse("18446744073709551615").asUnsignedLong()).isEqualTo(-1);
    assertThat(JsonNode.parse("0").asUnsignedLong()).isZero();
    assertThatThrownBy(() -> JsonNode.parse("18446744073709551616").asUnsignedLong())
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("at most 18446744073709551615");
    assertThatThrownBy(() -> JsonNode.parse("256").asInt(255)).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> JsonNode.parse("9".repeat(100_000)).asUnsignedLong())
        .isInstanceOf(JsonException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(120));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.0", "1e3", "-0", "\"1\"", "null", "[]", "{}", "true"})
  void onlyWholeNumbersAreNumbers(String text) {
    JsonNode node = JsonNode.parse(text);
    assertThatThrownBy(node::asUnsignedLong)
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("not a whole number");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "nulll",
        "True",
        "+1",
        "01",
        "1.",
        ".5",
        "1e",
        "--1",
        "- 1",
        "0x1",
        "NaN",
        "'a'",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud800x\"",
        "\"a\nb\"",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "]",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "{1:1}",
        "{\"a\":1,\"a\":1}",
        "[]]",
        "1 1",
        "// x\n1",
        "\uFEFF1",
        "\u00a01",
        "\"\\"
      })
  void whatIsNotJsonIsRefused(String text) {
    assertThatThrownBy(() -> JsonNode.parse(text))
        .isInstanceOf(JsonException.class)
        .hasMessageStartingWith("not JSON at character ");
  }

  @Test
  void depthIsBounded() {
    assertThat(JsonNode.parse("[".repeat(64) + "]".repeat(64)).elements()).hasSize(1);
    assertThatThrownBy(() -> JsonNode.parse("[".repeat(1_000_000)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("deep");
  }

  @Test
  void theWrongKindIsNamed() {
    JsonNode root = JsonNode.parse("{\"a\": [7, \"zz\"]}");
    assertThatThrownBy(() -> root.get("b"))
        .isInstanceOf(JsonException.class)
        .hasMessage("b is missing");
    assertThatThrownBy(() -> root.get("a").get("b")).hasMessage("a is an array, not an object");
    assertThatThrownBy(root::elements).hasMessage("the whole is an object, not an array");
    JsonNode second = root.get("a").elements().get(1);
    assertThatThrownBy(second::asHex).hasMessage("a[1] is not hex: \"zz\"");
    assertThatThrownBy(second::asBoolean).hasMessage("a[1] is \"zz\", not true or false");
    assertThatThrownBy(() -> root.get("a").elements().getFirst().asString())
        .hasMessage("a[0] is 7, not a string");
    assertThatThrownBy(() -> JsonNode.parse("\"abcd\"").asHash())
        .hasMessage("the whole is \"abcd\", not a hash of 64 hex digits");
  }

  /** Short texts of the characters that matter, most of them not JSON. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"", "\\u0041", "\\", "1", "0", "-",
            ".", "e", "true", "null", " ", "\n")
        .list()
        .ofMaxSize(9)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 5000)
  void thisParserAndJacksonAgree(@ForAll("texts") String text) throws JsonProcessingException {
    boolean jackson;
    try {
      jackson = !JACKSON.readTree(text).isMissingNode();
    } catch (JsonProcessingException e) {
      jackson = false;
    }
    boolean ours;
    try {
      JsonNode.parse(text);
      ours = true;
    } catch (JsonException e) {
      ours = false;
    }
    assertThat(ours).as(text).isEqualTo(jackson);
  }

  @Property
  void anyStringSurvivesARoundTrip(@ForAll String string) throws JsonProcessingException {
    String text = JACKSON.writeValueAsString(string);
    assertThat(JsonNode.parse(text).asString()).isEqualTo(string);
  }
}
