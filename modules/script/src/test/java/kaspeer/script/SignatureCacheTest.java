package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import kaspeer.script.SignatureCache.Tag;
import kaspeer.script.SignatureCache.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signature cache remembers verdicts, in bounded space. */
class SignatureCacheTest {
  private static final byte[] MESSAGE = new byte[32];

  @Test
  void aVerdictIsRemembered() {
    SignatureCache cache = new SignatureCache(1 << 10);
    cache.put(tag(cache, 1), true);
    cache.put(tag(cache, 2), false);

    assertThat(cache.find(tag(cache, 1))).isEqualTo(Verdict.VALID);
    assertThat(cache.find(tag(cache, 2))).isEqualTo(Verdict.INVALID);
    assertThat(cache.find(tag(cache, 3))).isEqualTo(Verdict.UNKNOWN);
    assertThat(cache.hits()).isEqualTo(2);
    assertThat(cache.misses()).isEqualTo(1);
  }

  @Test
  void signatureKeyMessageAndSchemeAllCount() {
    SignatureCache cache = new SignatureCache(1 << 10);
    byte[] signature = new byte[64];
    byte[] key = new byte[32];
    byte[] one = new byte[32];
    one[31] = 1;
    byte[] otherSignature = new byte[64];
    otherSignature[63] = 1;
    Tag tag = cache.tag(SignatureScheme.SCHNORR, signature, key, MESSAGE);

    assertThat(cache.tag(SignatureScheme.SCHNORR, signature, key, MESSAGE)).isEqualTo(tag);
    assertThat(
            List.of(
                cache.tag(SignatureScheme.ECDSA, signature, key, MESSAGE),
                cache.tag(SignatureScheme.SCHNORR, otherSignature, key, MESSAGE),
                cache.tag(SignatureScheme.SCHNORR, signature, one, MESSAGE),
                cache.tag(SignatureScheme.SCHNORR, signature, key, one),
                cache.tag(SignatureScheme.SCHNORR, signature, new byte[33], MESSAGE)))
        .doesNotHaveDuplicates()
        .doesNotContain(tag);
  }

  @Test
  void eachProcessHashesWithItsOwnSecret() {
    assertThat(tag(new SignatureCache(64), 1)).isNotEqualTo(tag(new SignatureCache(64), 1));
  }

  @Test
  void aFullCacheForgetsSomeToRememberOthers() {
    SignatureCache cache = new SignatureCache(64 * 16);
    for (int n = 0; n < 1000; n++) {
      cache.put(tag(cache, n), true);
      assertThat(cache.find(tag(cache, n))).isEqualTo(Verdict.VALID);
    }

    assertThat(IntStream.range(0, 1000).filter(n -> known(cache, n)).count()).isBetween(1L, 64L);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 63})
  void withoutSpaceNothingIsRemembered(long bytes) {
    SignatureCache cache = new SignatureCache(bytes);
    cache.put(tag(cache, 1), true);

    assertThat(known(cache, 1)).isFalse();
  }

  @Test
  void manyThreadsNeverReadAVerdictThatNobodyWrote() throws Exception {
    SignatureCache cache = new SignatureCache(64 * 4);
    List<Tag> tags = IntStream.range(0, 64).mapToObj(n -> tag(cache, n)).toList();
    Callable<Integer> writer =
        () -> {
          int wrong = 0;
          for (int i = 0; i < 20_000; i++) {
            int n = i * 7 % tags.size();
            cache.put(tags.get(n), n % 2 == 0);
            int m = i * 13 % tags.size();
            Verdict contrary = m % 2 == 0 ? Verdict.INVALID : Verdict.VALID;
            wrong += cache.find(tags.get(m)) == contrary ? 1 : 0;
          }
          return wrong;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (Future<Integer> wrong : threads.invokeAll(List.of(writer, writer, writer))) {
        assertThat(wrong.get()).isZero();
      }
    }
  }

  @Test
  void theEngineAsksTheCacheOfOneSignatureOnce() throws ScriptException {
    SignatureCache cache = new SignatureCache(1 << 10);
    Spending right = signed(1, cache);
    Spending wrong = signed(2, cache);

    right.check();
    right.check();
    assertThat(cache.hits()).isEqualTo(1);
    assertThat(wrong.error()).isEqualTo(ScriptError.EVAL_FALSE);
    assertThat(wrong.error()).isEqualTo(ScriptError.EVAL_FALSE);
    assertThat(cache.hits()).isEqualTo(2);
    assertThat(cache.misses()).isEqualTo(2);
  }

  private static Spending signed(int signer, SignatureCache cache) {
    Spending spending =
        Spending.of(new byte[0], StandardScripts.payToPubKey(Keys.xOnly(1)).script());
    byte[] signature = Keys.sign(SignatureScheme.SCHNORR, signer, spending, SignatureHash.ALL);
    return spending.signed(new ScriptBuilder().literal(signature).build()).commit(10).cache(cache);
  }

  private static boolean known(SignatureCache cache, int n) {
    return cache.find(tag(cache, n)) != Verdict.UNKNOWN;
  }

  private static Tag tag(SignatureCache cache, int n) {
    byte[] signature = new byte[64];
    signature[0] = (byte) n;
    signature[1] = (byte) (n >>> 8);
    return cache.tag(SignatureScheme.SCHNORR, signature, new byte[32], MESSAGE);
  }
}
