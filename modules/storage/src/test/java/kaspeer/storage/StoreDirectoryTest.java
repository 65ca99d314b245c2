package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.storage.StoreException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreDirectoryTest {
  @TempDir Path temp;

  private static void make(Path directory, Params params) {
    RocksDagStore.open(StoreOptions.of(directory, params)).close();
  }

  private static void refused(Path directory, Params params, Reason reason, String message) {
    assertThatThrownBy(() -> make(directory, params))
        .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message)
        .hasMessageContaining(directory.getFileName().toString())
        .message()
        .doesNotContain("\n");
  }

  @Test
  void anAbsentDirectoryIsMade() {
    Path directory = temp.resolve("a/b");
    make(directory, TestData.params());
    assertThat(directory.resolve("FORMAT"))
        .content()
        .startsWith("kaspeer-store 2\nnetwork kaspa-simnet\ngenesis ");
  }

  @Test
  void aDirectoryOfAnotherNetworkIsRefused() {
    make(temp, TestData.params());
    refused(
        temp,
        TestData.params(Network.DEVNET, 124),
        Reason.OTHER_NETWORK,
        "was made for simnet, not for devnet: give --network simnet, or another --data-dir");
  }

  @Test
  void aDirectoryOfAnotherGenesisIsRefused() throws IOException {
    make(temp, TestData.params());
    String text = Files.readString(temp.resolve("FORMAT"));
    Files.writeString(
        temp.resolve("FORMAT"),
        text.replaceAll("genesis [0-9a-f]{64}", "genesis " + "ab".repeat(32)));
    refused(temp, TestData.params(), Reason.OTHER_NETWORK, "genesis abab");
  }

  @Test
  void aDirectoryOfOtherParametersIsRefused() {
    make(temp, TestData.params());
    refused(
        temp,
        TestData.params(Network.SIMNET, 18),
        Reason.OTHER_PARAMETERS,
        "ghostdagK 124, not 18");
  }

  @Test
  void aParameterThatOnlyOneVersionKnowsDoesNotMatter() throws IOException {
    make(temp, TestData.params());
    String text = Files.readString(temp.resolve("FORMAT"));
    Files.writeString(temp.resolve("FORMAT"), text.replace("ghostdagK", "someThingElse"));
    make(temp, TestData.params());
    assertThat(temp.resolve("FORMAT")).content().contains("someThingElse 124");
  }

  @Test
  void aDirectoryOfANewerFormatIsRefused() throws IOException {
    make(temp, TestData.params());
    String text = Files.readString(temp.resolve("FORMAT"));
    Files.writeString(
        temp.resolve("FORMAT"), text.replace("kaspeer-store 2\n", "kaspeer-store 3\n"));
    refused(
        temp,
        TestData.params(),
        Reason.NEWER_FORMAT,
        "has format 3 of a newer version; this one knows 2");
  }

  @Test
  void aFormatFileOfSomethingElseIsRefused() throws IOException {
    Files.writeString(temp.resolve("FORMAT"), "%PDF-1.7\n");
    refused(
        temp,
        TestData.params(),
        Reason.NOT_OURS,
        "is not a Kaspeer data directory: its FORMAT file has no line 'kaspeer-store'");
    Files.writeString(temp.resolve("FORMAT"), "kaspeer-store two\n");
    refused(temp, TestData.params(), Reason.NOT_OURS, "its FORMAT file says 'kaspeer-store two'");
  }

  @Test
  void whyADirectoryCannotBeMadeIsTold() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    assertThatThrownBy(() -> make(file.resolve("data"), TestData.params()))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("cannot use the data directory " + file.resolve("data") + ": ")
        .hasMessageNotContaining(": " + file)
        .hasMessageEndingWith("name another with --data-dir");
  }

  @Test
  void aDirectoryWithOtherFilesIsRefusedAndLeftAsItWas() throws IOException {
    Files.writeString(temp.resolve("thesis.txt"), "x");
    refused(temp, TestData.params(), Reason.NOT_OURS, "has thesis.txt");
    try (Stream<Path> files = Files.list(temp)) {
      assertThat(files).containsExactly(temp.resolve("thesis.txt"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plugins", "admin-token", "lost+found"})
  void whatOperatorsLayThereBeforeTheFirstStartStays(String name) throws IOException {
    Path laid = Files.writeString(temp.resolve(name), "x");
    StoreOptions options =
        StoreOptions.of(temp, TestData.params()).withOthers(Set.of("plugins", "admin-token"));
    RocksDagStore.open(options).close();
    assertThat(laid).hasContent("x");
  }

  @Test
  void onlyWhatIsNamedMayBeThere() throws IOException {
    Files.writeString(temp.resolve("plugins"), "x");
    refused(temp, TestData.params(), Reason.NOT_OURS, "has plugins");
  }

  @Test
  void aFileIsNoDirectory() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    refused(file, TestData.params(), Reason.NOT_OURS, "is not a directory");
  }

  @Test
  void aDirectoryThatIsOpenIsRefusedUntilItIsClosed() {
    try (RocksDagStore open = RocksDagStore.open(StoreOptions.of(temp, TestData.params()))) {
      refused(
          temp,
          TestData.params(),
          Reason.IN_USE,
          "in use by process " + ProcessHandle.current().pid());
      assertThat(open.headerCount()).isZero();
    }
    make(temp, TestData.params());
  }

  @Test
  void aSecondOpeningHereDoesNotLetAnotherProcessIn() throws Exception {
    try (StoreDirectory held = StoreDirectory.open(temp, TestData.params(), Set.of())) {
      refused(temp, TestData.params(), Reason.IN_USE, "in use by process");
      assertThat(held.database()).doesNotExist();
      Process other = WriterProcess.start(temp, 1, 1 << 20, List.of());
      try (BufferedReader lines = other.inputReader()) {
        assertThat(lines.readLine()).startsWith("refused IN_USE ");
      } finally {
        other.toHandle().destroyForcibly();
      }
    }
  }

  @Test
  void aFirstStartThatWasCutOffDoesNotMatter() throws IOException {
    Files.writeString(temp.resolve("lock"), "1");
    Files.writeString(temp.resolve("FORMAT.new"), "kaspeer-st");
    make(temp, TestData.params());
    assertThat(temp.resolve("FORMAT")).exists();
    assertThat(temp.resolve("FORMAT.new")).doesNotExist();
  }
}
