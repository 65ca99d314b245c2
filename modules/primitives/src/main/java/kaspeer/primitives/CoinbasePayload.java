package kaspeer.primitives;

import java.util.Arrays;
import kaspeer.primitives.CoinbasePayloadException.Reason;

/**
 * The payload of a coinbase transaction (consensus reference 6.5): blue score u64, subsidy u64,
 * script version u16, script length u8, script, extra data; integers little-endian.
 *
 * @param blueScore of the block, unsigned
 * @param subsidy in sompi, unsigned
 * @param scriptPublicKey where the miner wants to be paid; at most 255 bytes of script
 * @param extraData anything the miner likes
 */
public record CoinbasePayload(
    long blueScore, long subsidy, Transaction.ScriptPublicKey scriptPublicKey, byte[] extraData) {
  /** Bytes before the script. */
  private static final int MIN_LENGTH = 8 + 8 + 2 + 1;

  /**
   * Reads a payload.
   *
   * @throws CoinbasePayloadException if it breaks the format or a length limit of the network
   */
  public static CoinbasePayload parse(byte[] payload, Params params)
      throws CoinbasePayloadException {
    if (payload.length < MIN_LENGTH) {
      throw new CoinbasePayloadException(
          Reason.TOO_SHORT,
          "a coinbase payload has at least %d bytes, not %d".formatted(MIN_LENGTH, payload.length));
    }
    int maxLength = params.coinbasePayloadMaxLength();
    if (payload.length > maxLength) {
      throw new CoinbasePayloadException(
          Reason.TOO_LONG,
          "a coinbase payload has at most %d bytes, not %d".formatted(maxLength, payload.length));
    }
    int scriptLength = payload[MIN_LENGTH - 1] & 0xFF;
    int maxScript = params.coinbaseScriptMaxLength();
    if (scriptLength > maxScript) {
      throw new CoinbasePayloadException(
          Reason.SCRIPT_TOO_LONG,
          "the script in a coinbase payload has at most %d bytes, not %d"
              .formatted(maxScript, scriptLength));
    }
    int end = MIN_LENGTH + scriptLength;
    if (end > payload.length) {
      throw new CoinbasePayloadException(
          Reason.SCRIPT_CUT_SHORT,
          "a coinbase payload with a script of %d bytes has only %d bytes left for it"
              .formatted(scriptLength, payload.length - MIN_LENGTH));
    }
    return new CoinbasePayload(
        Bytes.longLe(payload, 0),
        Bytes.longLe(payload, 8),
        new Transaction.ScriptPublicKey(
            Bytes.shortLe(payload, 16), Arrays.copyOfRange(payload, MIN_LENGTH, end)),
        Arrays.copyOfRange(payload, end, payload.length));
  }

  /**
   * The bytes.
   *
   * @throws IllegalStateException if the script has more than 255 bytes
   */
  public byte[] encode() {
    byte[] script = scriptPublicKey.script();
    if (script.length > 0xFF) {
      throw new IllegalStateException(
          "no room for a script of " + script.length + " bytes in a coinbase payload");
    }
    byte[] payload = new byte[MIN_LENGTH + script.length + extraData.length];
    Bytes.putLongLe(payload, 0, blueScore);
    Bytes.putLongLe(payload, 8, subsidy);
    Bytes.putShortLe(payload, 16, scriptPublicKey.version());
    payload[MIN_LENGTH - 1] = (byte) script.length;
    System.arraycopy(script, 0, payload, MIN_LENGTH, script.length);
    System.arraycopy(extraData, 0, payload, MIN_LENGTH + script.length, extraData.length);
    return payload;
  }
}
