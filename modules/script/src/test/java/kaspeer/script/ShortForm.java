package kaspeer.script;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * Reads scripts as the conformance data writes them (consensus reference 10.5): numbers, bytes as
 * 0x, text in quotes, and names of opcodes with or without OP.
 */
final class ShortForm {
  private static final Map<String, Integer> CODES = new HashMap<>();

  static {
    for (Opcode opcode : Opcode.values()) {
      name(bare(opcode.name()), opcode.code());
    }
    name("OPFALSE", 0);
    name("OPTRUE", Opcode.PUSH_1);
    CODES.put("OP0", 0);
    for (int i = 1; i <= 16; i++) {
      CODES.put("OP" + i, Opcode.RESERVED + i);
    }
    for (int i = 1; i <= Opcode.MAX_DIRECT_PUSH; i++) {
      name("OPDATA" + i, i);
    }
    name("OPPUSHDATA1", Opcode.PUSH_DATA_1);
    name("OPPUSHDATA2", Opcode.PUSH_DATA_2);
    name("OPPUSHDATA4", Opcode.PUSH_DATA_4);
    name("OP1NEGATE", Opcode.PUSH_MINUS_ONE);
    name("OPRESERVED", Opcode.RESERVED);
    name("OPSMALLINTEGER", 0xfa);
    name("OPPUBKEYS", 0xfb);
    name("OPPUBKEYHASH", 0xfd);
    name("OPPUBKEY", 0xfe);
    name("OPINVALIDOPCODE", 0xff);
    for (int i = 202; i < 256; i++) {
      name("OPUNKNOWN" + i, i);
    }
  }

  private ShortForm() {}

  private static void name(String name, int code) {
    CODES.put(name, code);
    CODES.put(name.substring(2), code);
  }

  private static String bare(String name) {
    return name.replace("_", "").toUpperCase(Locale.ROOT);
  }

  static byte[] parse(String text) {
    ScriptBuilder script = new ScriptBuilder();
    for (String line : text.split("\n", -1)) {
      for (String token : line.replaceFirst("#.*", "").trim().split("\\s+", -1)) {
        add(script, token);
      }
    }
    return script.build();
  }

  private static void add(ScriptBuilder script, String token) {
    Integer code = CODES.get(bare(token));
    if (token.matches("[+-]?[0-9]+")) {
      script.number(Long.parseLong(token));
    } else if (token.startsWith("0x")) {
      script.raw(HexFormat.of().parseHex(token, 2, token.length()));
    } else if (token.length() >= 2 && token.startsWith("'") && token.endsWith("'")) {
      script.data(token.substring(1, token.length() - 1).getBytes(StandardCharsets.UTF_8));
    } else if (code != null) {
      script.raw(new byte[] {code.byteValue()});
    } else if (!token.isEmpty()) {
      throw new IllegalArgumentException("not an opcode: " + token);
    }
  }
}
