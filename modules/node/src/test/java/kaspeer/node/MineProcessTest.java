package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import kaspeer.admin.HostPort;
import kaspeer.admin.http.AdminToken;
import kaspeer.node.client.AdminClient;
import kaspeer.node.client.ClientException;
import kaspeer.node.client.ClientToken;
import kaspeer.node.mining.MiningKey;
import kaspeer.primitives.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MineProcessTest {
  @TempDir private Path dir;

  @Test
  void aNodeThatIsToldToMineMakesBlocksThatPayItsOwnKey()
      throws IOException, InterruptedException, ClientException {
    Path data = dir.resolve("data");
    try (ChildProcess node =
        ChildProcess.start(
            dir,
            "run",
            "--network",
            "simnet",
            "--mine",
            "20",
            "--data-dir",
            data.toString(),
            "--listen",
            "127.0.0.1:0",
            "--admin",
            "127.0.0.1:0",
            "--no-dns-seed")) {
      node.awaitOutput("admin endpoint and page at http://127.0.0.1:");
      HostPort admin = AdminAddressFile.read(data.resolve(AdminAddressFile.NAME));
      try (AdminClient client =
          new AdminClient(admin, ClientToken.ofOwner(data.resolve(AdminToken.FILE)))) {
        node.await("ten blocks", () -> blockCount(client) >= 10);
        String sink = client.get("/api/v1/dag").get("sink").asText();
        var block = client.get("/api/v1/blocks/" + sink + "?transactions=true");
        assertThat(block.get("status").asText()).isEqualTo("utxoValid");
        assertThat(block.get("isChainBlock").asBoolean()).isTrue();
        var script = MiningKey.load(data).address(Network.SIMNET).toScriptPublicKey().script();
        assertThat(block.at("/transactions/0/outputs/0/scriptPublicKey").asText())
            .isEqualTo("0000" + HexFormat.of().formatHex(script));
      }
      node.terminate();
      assertThat(node.awaitEnd()).isZero();
    }
  }

  private static long blockCount(AdminClient client) {
    try {
      return client.get("/api/v1/dag").get("blockCount").asLong();
    } catch (ClientException e) {
      throw new IllegalStateException(e);
    }
  }
}
