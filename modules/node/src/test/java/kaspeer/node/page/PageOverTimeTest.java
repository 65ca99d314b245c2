package kaspeer.node.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kaspeer.node.Node;
import kaspeer.node.StartException;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.config.Option;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page that is left open: lines that fall silent, parts that fail, days that end. */
final class PageOverTimeTest {
  private static final String PEER =
      "({ id: 'x', connection: 1, connectedAt: '2026-01-0%1$d', address: '192.0.2.%1$d:16111', direction:"
          + " 'outbound', userAgent: 'x', protocolVersion: 10, lastPingMs: null, score: 0, sentBytes:"
          + " 1, receivedBytes: 1 })";

  @TempDir private static Path dir;

  private static @Nullable Node node;
  private static @Nullable Browser started;
  private Browser browser;

  @BeforeAll
  static void start() throws StartException, IOException, InterruptedException {
    Path program = Browser.needed();
    node =
        Node.start(
            NodeConfig.load(
                Map.of(
                    Option.NETWORK, List.of("simnet"),
                    Option.DATA_DIR, List.of(dir.resolve("node").toString()),
                    Option.LISTEN, List.of("127.0.0.1:0"),
                    Option.OUT_PEERS, List.of("0"),
                    Option.ADMIN, List.of("127.0.0.1:0")),
                null,
                Map.of()));
    started = Browser.start(program, Files.createDirectory(dir.resolve("profile")));
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
    if (node != null) {
      node.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    browser = Objects.requireNonNull(started);
    InetSocketAddress admin = Objects.requireNonNull(node).adminAddress();
    browser.open("about:blank");
    browser.awaitTrue("location.href === 'about:blank'");
    browser.open("http://" + admin.getAddress().getHostAddress() + ":" + admin.getPort() + "/");
    browser.awaitTrue("document.getElementById('network').textContent === 'simnet'");
    browser.awaitTrue("stream.readyState === 1");
    browser.awaitTrue("document.getElementById('addresses').textContent === '0'");
  }

  @Test
  void aSilentStreamIsOpenedAgain() throws IOException {
    // One that is open as far as the browser knows, and on which nothing comes.
    browser.evaluate(
        "reload = false; ended = false; stream.close(); before = { readyState: 1, close() { ended = true; } };"
            + " stream = before; heard = Date.now() - 29000");
    assertThat(browser.evaluate("SILENCE").asInt()).isEqualTo(30_000);
    browser.awaitTrue("stream !== before && stream.readyState === 1 && ended");
    // What happened meanwhile is read from the DAG.
    browser.awaitTrue("!reload && picture.blocks.size === 1");
  }

  @Test
  void aPageThatNobodySeesHoldsNoStream() throws IOException {
    hide(true);
    assertThat(browser.evaluate("stream === null").asBoolean()).isTrue();
    hide(false);
    browser.awaitTrue("stream !== null && stream.readyState === 1");
  }

  private void hide(boolean hidden) {
    browser.evaluate(
        "Object.defineProperty(document, 'hidden', { configurable: true, value: "
            + hidden
            + " }); document.dispatchEvent(new Event('visibilitychange'))");
  }

  @Test
  void aPartThatFailsIsNamedAndTheOthersGoOn() throws IOException {
    answer(
        "mempool",
        "Promise.resolve(new Response(JSON.stringify({ detail: 'no core' }), { status: 504 }))");
    browser.awaitTrue(
        "document.getElementById('partly').textContent"
            + " === 'Not up to date: mempool. The node answers 504: no core'");
    assertThat(browser.evaluate("document.getElementById('lost').hidden").asBoolean()).isTrue();
    // One that hangs is waited for by nobody else.
    answer("mempool", "new Promise(() => {})");
    browser.awaitTrue("parts.mempool.busy");
    browser.evaluate(
        "for (const id of ['peerCount', 'tips']) document.getElementById(id).textContent = 'old'");
    browser.evaluate(
        "document.getElementById('cluster').replaceChildren(); drawn.delete(document.getElementById('cluster'))");
    browser.awaitTrue("document.getElementById('peerCount').textContent === '0'");
    browser.awaitTrue("document.getElementById('tips').textContent === '1'");
    browser.awaitTrue("document.querySelectorAll('#cluster tbody tr').length === 1");
    assertThat(browser.evaluate("parts.mempool.busy").asBoolean()).isTrue();
  }

  @Test
  void anAnswerThatNeverComesIsNotWaitedForForEver() throws IOException {
    browser.evaluate("asked = fetch; limit = AbortSignal.timeout.bind(AbortSignal)");
    browser.evaluate("AbortSignal.timeout = () => limit(50)");
    browser.evaluate(
        "window.fetch = (path, options) => new Promise((_, fail) =>"
            + " options.signal.addEventListener('abort', () => fail(options.signal.reason)))");
    browser.awaitTrue(
        "!document.getElementById('lost').hidden && document.getElementById('lost').textContent"
            + ".startsWith('The node has not answered for 15 s')");
    browser.evaluate("AbortSignal.timeout = limit; window.fetch = asked");
    browser.awaitTrue("document.getElementById('lost').hidden");
  }

  @Test
  void blocksThatTheNodeDoesNotShowEmptyNoPicture() throws IOException {
    browser.awaitTrue("!reload && picture.blocks.size === 1");
    answer(
        "blocks",
        "Promise.resolve(new Response(JSON.stringify({ detail: 'slow' }), { status: 504 }))");
    browser.evaluate(
        "looks = 0; paintOnce = paint; paint = dag => paintOnce(dag).then(() => looks++)");
    browser.evaluate("reload = true");
    browser.awaitTrue("looks > 1 && reload");
    assertThat(browser.evaluate("picture.blocks.size").asInt()).isEqualTo(1);
    assertThat(browser.evaluate("document.getElementById('lost').hidden").asBoolean()).isTrue();
    assertThat(browser.evaluate("document.getElementById('partly').textContent").asText())
        .isEmpty();
  }

  @Test
  void blocksThatAreSlowToComeLeaveTheBrowserConnectionsForTheRest() throws IOException {
    browser.evaluate("flying = 0; gone = []; blocks = null");
    answer("blocks", "new Promise(() => { flying++; })");
    browser.evaluate("void blocksOf(['a', 'b', 'c', 'd'])");
    assertThat(browser.evaluate("flying").asInt()).isEqualTo(2);
    // What the node does not have is no reason to leave the rest.
    answer("blocks", "Promise.resolve(new Response('{}', { status: 404 }))");
    browser.evaluate(
        "void blocksOf(['a', 'b', 'c'], hash => gone.push(hash)).then(result => { blocks = result; })");
    browser.awaitTrue("blocks !== null && blocks[1] && gone.length === 3");
  }

  /** Another answer to what is asked at a path with this in it. */
  private void answer(String path, String response) {
    browser.evaluate("window.real = window.real || window.fetch");
    browser.evaluate(
        "window.fetch = (path, options) => path.includes('/"
            + path
            + "') ? "
            + response
            + " : real(path, options)");
  }

  @Test
  void aNumberThatAnotherConnectionHasNowIsAnotherRow() {
    holdStill();
    browser.evaluate("showPeers([" + PEER.formatted(1) + "], 1)");
    browser.evaluate("toggle([...rows.values()][0])");
    browser.evaluate("showPeers([" + PEER.formatted(2) + "], 1)");
    assertThat(browser.evaluate("document.getElementById('peers').textContent").asText())
        .contains("192.0.2.2:16111")
        .doesNotContain("192.0.2.1:16111");
    assertThat(browser.evaluate("open.size").asInt()).isZero();
  }

  @Test
  void whatWasShownOfTheNodeBeforeIsGoneAtOnceWhenItStartsAnew() {
    holdStill();
    browser.evaluate("showPeers([" + PEER.formatted(1) + "], 1); addEvent('old', '2026-01-01')");
    // As a member of a cluster: under the id that it had.
    browser.evaluate("asNode = { id: started.split(' ')[0], startedAt: '2026-01-01T00:00:00Z' }");
    browser.evaluate(
        "showNode({ ...asNode, network: 'simnet', userAgent: '', protocolVersions: [], roles: [], sync: {"
            + " state: 'waiting', headersPerSecond: 0, blocksPerSecond: 0, progress: 0, stage: '' } })");
    assertThat(
            browser
                .evaluate("rows.size + document.getElementById('events').children.length")
                .asInt())
        .isZero();
    assertThat(browser.evaluate("reload").asBoolean()).isTrue();
  }

  /** Nothing is asked for any more: what is shown is what the test shows. */
  private void holdStill() {
    browser.evaluate(
        "load = () => {}; for (const part of Object.values(parts)) part.show = () => {}");
  }

  @Test
  void timesHaveTheirDateWhenTheDayIsOver() {
    holdStill();
    browser.evaluate("addEvent('now', new Date().toISOString())");
    browser.evaluate("addEvent('then', '2026-01-01T10:00:00Z')");
    assertThat(shown("now")).doesNotContain(year());
    assertThat(shown("then")).contains("2026");
    // A day later, as far as the line knows.
    browser.evaluate("yesterday = new Date(Date.now() - 86400000).toISOString()");
    browser.evaluate("document.querySelectorAll('#events time')[1].dateTime = yesterday");
    browser.evaluate("today = 'yesterday'; turnDay()");
    assertThat(shown("now")).contains(browser.evaluate("full(yesterday)").asText());
    browser.evaluate("showPeers([" + PEER.formatted(1) + "], 1)");
    assertThat(browser.evaluate("[...rows.values()][0].cells[7].textContent").asText())
        .contains("2026");
    assertThat(browser.evaluate("[...rows.values()][0].cells[7].title").asText()).contains("2026");
  }

  private String year() {
    return browser.evaluate("String(new Date().getFullYear())").asText();
  }

  private String shown(String text) {
    return browser
        .evaluate(
            "[...document.querySelectorAll('#events li')].find(li => li.textContent.endsWith('"
                + text
                + "')).firstChild.textContent")
        .asText();
  }

  @Test
  void membersThatCannotBeReachedAndFlowsThatAreSwitchedOffAreSeen() {
    holdStill();
    browser.evaluate(
        "showCluster({ members: [{ address: 'm', roles: ['core'], status: 'up', reachable: false, peers:"
            + " 2, dag: 'm', lag: 77, isSelf: false }] })");
    assertThat(browser.evaluate("document.querySelector('#cluster .bad').textContent").asText())
        .isEqualTo("no");
    assertThat(browser.evaluate("document.getElementById('cluster').textContent").asText())
        .contains("Reachable")
        .contains("77");
    browser.evaluate(
        "showFlows([{ name: 'wall', protocolVersions: [10], phase: 'ready', receives: [], sends: [],"
            + " origin: 'wall.jar', extension: { state: 'disabled', detail: 'failed often' } }])");
    assertThat(browser.evaluate("document.querySelector('#flows .bad').textContent").asText())
        .isEqualTo("disabled: failed often");
  }

  @Test
  void whatIsLeftOutIsCountedAndEachButtonSaysWhatItIsFor() {
    holdStill();
    browser.evaluate(
        "showBans([{ address: '192.0.2.1', until: '2030-01-01T00:00:00Z', reason: 'x' }], 3000)");
    assertThat(browser.evaluate("document.getElementById('bans').textContent").asText())
        .endsWith("… and 2,999 more");
    assertThat(
            browser
                .evaluate("document.querySelector('#bans button').getAttribute('aria-label')")
                .asText())
        .isEqualTo("lift the ban of 192.0.2.1");
    browser.evaluate("showPeers([" + PEER.formatted(1) + "], 700)");
    assertThat(browser.evaluate("document.getElementById('morePeers').textContent").asText())
        .isEqualTo("… and 699 more");
  }

  @Test
  void arrowKeysGoFromBlockToBlockAndTheFocusStaysInThePicture() {
    holdStill();
    browser.evaluate("paint = () => {}; clearPicture()");
    // A chain of three, and a fourth beside the third.
    browser.evaluate(
        "addBlock('a', [], 1); addBlock('b', ['a'], 2); addBlock('c', ['b'], 3); addBlock('d', ['b'], 3);"
            + " picture.sink = 'c'; draw()");
    assertThat(tabStop()).isEqualTo("c");
    browser.evaluate("dots.get('c').focus()");
    assertThat(after("ArrowDown")).isEqualTo("d");
    assertThat(after("ArrowDown")).as("there is no other").isEqualTo("d");
    assertThat(after("ArrowLeft")).isEqualTo("b");
    assertThat(after("ArrowLeft")).isEqualTo("a");
    browser.evaluate("draw()");
    assertThat(tabStop()).as("where Tab comes back to").isEqualTo("a");
    browser.evaluate("picture.blocks.delete('a'); picture.changed = true; draw()");
    assertThat(focused()).as("when it scrolled out").isEqualTo("b");
    assertThat(tabStop()).isEqualTo("b");
    assertThat(after("ArrowRight")).isIn("c", "d");
  }

  private String after(String key) {
    browser.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '"
            + key
            + "', bubbles: true, cancelable: true }))");
    return focused();
  }

  private String focused() {
    return browser
        .evaluate(
            "([...dots].find(([hash, dot]) => dot === document.activeElement) || ['none'])[0]")
        .asText();
  }

  /** Where the keyboard stops in the picture. */
  private String tabStop() {
    return browser
        .evaluate(
            "[...dots].filter(([hash, dot]) => dot.getAttribute('tabindex') === '0').map(([hash]) =>"
                + " hash).join()")
        .asText();
  }
}
