package kaspeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

class PayloadCatalogueTest {
  private final PayloadCatalogue catalogue = PayloadCatalogue.standard();

  @Test
  void everyPayloadOfTheEnvelopeHasItsType() {
    Set<PayloadCase> cases =
        Arrays.stream(PayloadCase.values())
            .filter(c -> c != PayloadCase.PAYLOAD_NOT_SET)
            .collect(Collectors.toSet());
    assertThat(catalogue.types())
        .extracting(PayloadType::payloadCase)
        .containsExactlyInAnyOrderElementsOf(cases);
    for (PayloadCase c : cases) {
      assertThat(catalogue.byNumber(c.getNumber())).isEqualTo(catalogue.of(c));
    }
  }

  @Test
  void goneNumbersAndThoseOfTheRpcHaveNone() {
    for (int number :
        new int[] {-1, 0, 4, 7, 8, 9, 11, 18, 23, 24, 28, 29, 32, 38, 39, 62, 68, 101, 102, 1001}) {
      assertThat(catalogue.byNumber(number)).isNull();
    }
  }

  @Test
  void chunkedProofsAreOfVersion11AndWholeOnesOfVersion10() {
    assertThat(versions(10)).contains(49, 52).doesNotContain(64, 65, 66, 67);
    assertThat(versions(11)).contains(64, 65, 66, 67).doesNotContain(49, 52);
    assertThat(versions(12)).isEqualTo(versions(11));
    assertThat(versions(9)).isEmpty();
  }

  private Set<Integer> versions(int version) {
    return catalogue.types().stream()
        .filter(t -> t.in(version))
        .map(PayloadType::number)
        .collect(Collectors.toSet());
  }

  @Test
  void everyAnswerHasAQuestionAndNothingElseHas() {
    for (PayloadType type : catalogue.types()) {
      assertThat(type.answers().isEmpty()).as(type.name()).isNotEqualTo(type.isAnswer());
      for (int request : type.answers()) {
        PayloadType asked = Objects.requireNonNull(catalogue.byNumber(request));
        assertThat(asked.kind()).isEqualTo(PayloadKind.REQUEST);
      }
    }
  }

  /** Protocol reference 3.2, the table of ids. */
  @Test
  void answersEchoIdsAsTheNetworkDoes() {
    Set<Integer> echoing =
        catalogue.types().stream()
            .filter(PayloadType::echoesId)
            .map(PayloadType::number)
            .collect(Collectors.toSet());
    assertThat(echoing)
        .containsExactlyInAnyOrder(2, 5, 13, 37, 41, 43, 47, 49, 51, 52, 54, 57, 64, 65, 66, 67);
  }

  @Test
  void capsGrowFromHandshakeToSync() {
    assertThat(catalogue.maxBytes(ConnectionPhase.HANDSHAKE)).isEqualTo(64 * 1024);
    assertThat(catalogue.maxBytes(ConnectionPhase.READY)).isBetween(4 << 20, 5 << 20);
    assertThat(catalogue.maxBytes(ConnectionPhase.SYNC)).isEqualTo(32 << 20);
    for (PayloadType type : catalogue.types()) {
      assertThat(type.maxBytes(ConnectionPhase.HANDSHAKE))
          .isLessThanOrEqualTo(type.maxBytes(ConnectionPhase.READY));
      assertThat(type.maxBytes(ConnectionPhase.READY))
          .isLessThanOrEqualTo(type.maxBytes(ConnectionPhase.SYNC));
    }
  }

  @Test
  void extensionsTakeFreeNumbersOnly() {
    PayloadType extension = PayloadType.extension(3_000, "x", PayloadKind.REQUEST, 11, 1_000);
    PayloadCatalogue extended = catalogue.with(List.of(extension));
    assertThat(extended.byNumber(3_000)).isEqualTo(extension);
    assertThat(extended.types()).hasSize(catalogue.types().size() + 1);
    assertThat(catalogue.byNumber(3_000)).isNull();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                catalogue.with(
                    List.of(PayloadType.extension(16, "x", PayloadKind.REQUEST, 11, 9))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> catalogue.with(List.of(extension, extension)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> catalogue.with(List.of(catalogue.of(PayloadCase.PING))));
  }

  @Test
  void impossibleTypesAreRefused() {
    for (int number : new int[] {0, -1, 101, 102, 19_000, 19_999, 1 << 29}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PayloadType.extension(number, "x", PayloadKind.REQUEST, 11, 9));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PayloadType.extension(3_000, "x", PayloadKind.REQUEST, 11, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PayloadType.extension(3_000, "x", PayloadKind.REQUEST, 11, 5 << 20));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> catalogue.of(PayloadCase.PAYLOAD_NOT_SET));
  }
}
