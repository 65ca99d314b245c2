package kaspeer.node.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kaspeer.node.ChildProcess;
import kaspeer.node.Node;
import kaspeer.node.StartException;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.config.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A page that stays open while its node is started anew: connections are counted from one again.
 */
final class PageAfterRestartTest {
  private static final String ROWS = "document.querySelectorAll('#peers > tr:not(.detail)')";

  @TempDir private Path dir;

  @Test
  void otherPeersHaveRowsOfTheirOwn() throws StartException, IOException, InterruptedException {
    Path program = Browser.needed();
    try (Node before = Node.start(config("before"));
        Node after = Node.start(config("after"));
        Browser browser = Browser.start(program, Files.createDirectory(dir.resolve("profile")))) {
      String admin;
      try (ChildProcess node = started("127.0.0.1:0", before)) {
        admin = Files.readString(adminAddress()).strip();
        browser.open("http://" + admin + "/");
        browser.awaitTrue(shows(before));
        browser.evaluate(ROWS + "[0].querySelector('button').click()");
        browser.awaitTrue("document.querySelector('#peers .detail table') !== null");
        assertThat(browser.evaluate("[...rows.values()][0].connection").asLong()).isEqualTo(1);
        node.terminate();
        node.awaitEnd();
      }
      browser.awaitTrue("!document.getElementById('lost').hidden");
      // Peers are asked for only when there is one again: rows are not emptied meanwhile.
      browser.evaluate("parts.peers.wanted = () => false");
      browser.awaitTrue("!parts.peers.busy");
      browser.evaluate("document.getElementById('peerCount').textContent = ''");
      try (ChildProcess _ = started(admin, after)) {
        browser.awaitTrue("document.getElementById('peerCount').textContent === '1'");
        browser.evaluate("delete parts.peers.wanted");
        browser.awaitTrue(shows(after));
        assertThat(browser.evaluate("[...rows.values()][0].connection").asLong()).isEqualTo(1);
        assertThat(browser.evaluate("document.querySelectorAll('#peers .detail').length").asInt())
            .as("details of a peer of the node that ended")
            .isZero();
        assertThat(browser.evaluate("[...rows.values()][0].address").asText())
            .as("what would be banned")
            .isEqualTo(listens(after));
        browser.awaitTrue("document.getElementById('lost').hidden");
      }
    }
  }

  /** Whether this peer, and nobody else, has a row. */
  private static String shows(Node peer) {
    return "[..."
        + ROWS
        + "].map(row => row.querySelector('button').textContent).join() === '"
        + listens(peer)
        + "'";
  }

  private NodeConfig config(String name) {
    return NodeConfig.load(
        Map.of(
            Option.NETWORK, List.of("simnet"),
            Option.DATA_DIR, List.of(dir.resolve(name).toString()),
            Option.LISTEN, List.of("127.0.0.1:0"),
            Option.OUT_PEERS, List.of("0"),
            Option.ADMIN, List.of("127.0.0.1:0")),
        null,
        Map.of());
  }

  private ChildProcess started(String admin, Node peer) throws IOException {
    ChildProcess node =
        ChildProcess.start(
            dir,
            "run",
            "--network",
            "simnet",
            "--data-dir",
            dir.resolve("seen").toString(),
            "--connect",
            listens(peer),
            "--admin",
            admin);
    node.await("an admin address", () -> Files.exists(adminAddress()));
    return node;
  }

  private Path adminAddress() {
    return dir.resolve("seen").resolve("admin-address");
  }

  private static String listens(Node node) {
    InetSocketAddress address = node.engine().listening().orElseThrow();
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
