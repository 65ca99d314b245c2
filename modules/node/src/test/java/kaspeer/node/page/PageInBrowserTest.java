package kaspeer.node.page;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import kaspeer.node.Node;
import kaspeer.node.StartException;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.config.Option;
import kaspeer.node.mining.Miner;
import kaspeer.node.mining.MiningKey;
import kaspeer.primitives.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as an operator sees it: in a real browser, on a real node. */
final class PageInBrowserTest {
  @TempDir private Path dir;

  private NodeConfig config(String name, String... connect) {
    Map<Option, List<String>> given = new EnumMap<>(Option.class);
    given.put(Option.NETWORK, List.of("simnet"));
    given.put(Option.DATA_DIR, List.of(dir.resolve(name).toString()));
    given.put(Option.LISTEN, List.of("127.0.0.1:0"));
    given.put(Option.ADMIN, List.of("127.0.0.1:0"));
    if (connect.length > 0) {
      given.put(Option.CONNECT, List.of(connect));
    }
    return NodeConfig.load(given, null, Map.of());
  }

  @Test
  void aMinedBlockAppearsInTheDagAndAPeerIsBanned()
      throws StartException, IOException, InterruptedException {
    Path program = Browser.needed();
    try (Node node = Node.start(config("seen"));
        Node _ = Node.start(config("peer", text(node.engine().listening().orElseThrow())));
        Browser browser = Browser.start(program, Files.createDirectory(dir.resolve("profile")))) {
      browser.open("http://" + text(node.adminAddress()) + "/");
      browser.awaitTrue("document.getElementById('network').textContent === 'simnet'");

      // A block that is mined appears in the drawn DAG, as the sink.
      AtomicReference<String> mined = new AtomicReference<>("");
      try (Miner miner =
          node.miner(
              MiningKey.load(node.dataDir()).address(Network.SIMNET).toScriptPublicKey(),
              block -> mined.set(block.hash().toString()))) {
        miner.mine(1);
      }
      browser.awaitTrue(
          "[...document.querySelectorAll('#dag circle')].some(dot =>"
              + " dot.querySelector('title').textContent.startsWith('"
              + mined.get()
              + "') && dot.classList.contains('sink'))");
      browser.awaitTrue("document.getElementById('blockCount').textContent === '1'");

      // What else an operator looks for is there.
      browser.awaitTrue("document.getElementById('mempool').textContent.startsWith('0 · ')");
      browser.awaitTrue("document.querySelectorAll('#cluster tbody tr').length === 1");
      browser.awaitTrue("document.getElementById('cluster').textContent.includes('core + edge')");

      // The peer is banned by its row, with the token.
      browser.awaitTrue("document.querySelectorAll('#peers > tr').length === 1");
      browser.evaluate("document.querySelector('#peers button').click()");
      String ban =
          "[...document.querySelectorAll('#peers .detail button')]"
              + ".find(button => button.textContent === 'Ban for a day')";
      browser.awaitTrue(ban + " !== undefined");
      browser.evaluate(ban + ".click()");
      browser.awaitTrue("document.getElementById('told').textContent.includes('token')");
      String token = Files.readString(node.dataDir().resolve("admin-token")).strip();
      browser.evaluate("document.getElementById('token').value = '" + token + "'");
      browser.evaluate(ban + ".click()");
      browser.awaitTrue("document.getElementById('bans').textContent.includes('127.0.0.1 until')");
      browser.awaitTrue("document.querySelectorAll('#peers > tr').length === 0");
      browser.awaitTrue("document.getElementById('departed').textContent.includes('BANNED')");
    }
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
