package kaspeer.script;

/**
 * Counts signature checks without executing anything: policy of the mempool, not consensus, which
 * counts those that happen (consensus reference 8).
 */
public final class SigOps {
  private SigOps() {}

  /**
   * The most signature checks that the redeem script at the end of a signature script can cause: a
   * multisig counts its keys if their number is a literal right before it, otherwise 20. 0 if
   * either script is malformed.
   *
   * @param signatureScript of an input that spends a script hash
   */
  public static int ofRedeemScript(byte[] signatureScript) {
    try {
      ScriptReader reader = new ScriptReader(signatureScript);
      byte[] redeemScript = ScriptNumber.FALSE;
      while (reader.next()) {
        redeemScript = reader.data();
      }
      return count(redeemScript);
    } catch (ScriptException e) {
      // Such an input cannot spend anything: there will be no signature checks.
      return 0;
    }
  }

  private static int count(byte[] script) throws ScriptException {
    ScriptReader reader = new ScriptReader(script);
    int count = 0;
    int keys = ScriptLimits.MAX_MULTISIG_KEYS;
    while (reader.next()) {
      int opcode = reader.opcode();
      if (opcode > Opcode.PUSH_16) {
        count += of(Opcode.of(opcode), keys);
      }
      keys = literalKeyCount(reader);
    }
    return count;
  }

  private static int of(Opcode opcode, int keys) {
    return switch (opcode) {
      case OP_CHECKSIG,
          OP_CHECKSIGVERIFY,
          OP_CHECKSIG_ECDSA,
          OP_CHECKSIG_FROM_STACK,
          OP_CHECKSIG_FROM_STACK_ECDSA ->
          1;
      case OP_CHECKMULTISIG, OP_CHECKMULTISIGVERIFY, OP_CHECKMULTISIG_ECDSA -> keys;
      default -> 0;
    };
  }

  /** The number of keys that a literal states, 1 to 20; 20 if it does not. */
  private static int literalKeyCount(ScriptReader reader) throws ScriptException {
    int opcode = reader.opcode();
    long stated = 0;
    if (opcode >= Opcode.PUSH_1 && opcode <= Opcode.PUSH_16) {
      stated = (long) opcode - Opcode.RESERVED;
    } else if (opcode <= Opcode.PUSH_DATA_4) {
      byte[] data = reader.data();
      stated = data.length > ScriptNumber.MAX_SIZE ? 0 : ScriptNumber.decode(data);
    }
    return stated >= 1 && stated <= ScriptLimits.MAX_MULTISIG_KEYS
        ? (int) stated
        : ScriptLimits.MAX_MULTISIG_KEYS;
  }
}
