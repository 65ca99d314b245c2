package kaspeer.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private static final String PEER =
      """
      {"id": "i", "connection": 7, "address": "1.2.3.4:5", "direction": "inbound", "userAgent": "/x/",
       "protocolVersion": 11, "connectedAt": "t", "lastPingMs": 1.25, "isIbdPeer": true, "score": 2.4,
       "sentBytes": 2048, "receivedBytes": 3145728,
       "sent": {"ping": {"messages": 2, "bytes": 2048}},
       "received": {"block": {"messages": 1, "bytes": 3145728}},
       "flows": [{"name": "ping", "state": "running", "inboxDepth": 1, "handled": 2, "dropped": 3, "failures": 4}]}
      """;

  @Test
  void membersOfMembersHaveADotBetween() throws JsonProcessingException {
    assertThat(
            print(Views.members(json("{\"a\": 1, \"b\": {\"c\": null, \"d\": [1, 2]}}"))).lines())
        .containsExactly("NAME  VALUE", "a     1", "b.c   -", "b.d   1, 2");
  }

  @Test
  void whatAListIsOfIsShownWithItsNames() throws JsonProcessingException {
    String fees =
        "{\"lowBuckets\": [{\"feerate\": 1.5, \"estimatedSeconds\": 60}, {\"feerate\": 1}]}";
    assertThat(print(Views.members(json(fees))).lines())
        .containsExactly(
            "NAME        VALUE", "lowBuckets  feerate 1.5 estimatedSeconds 60, feerate 1");
  }

  @Test
  void aRowOfThePolicySaysWhatWasConfiguredOnlyIfItIsSomethingElseNow()
      throws JsonProcessingException {
    String policy =
        """
        {"rows": [{"code": "A", "sanction": "ban", "seconds": 60, "configured": "reject", "changed": true, "fatal": true},
          {"code": "B", "sanction": "demerit", "points": 5, "configured": "demerit 5 points", "changed": false, "fatal": false}]}
        """;
    assertThat(print(Views.policy(json(policy))).lines().map(String::strip))
        .containsExactly(
            "BREACH  SANCTION          CONFIGURED  FATAL",
            "A       ban 60 s          reject      yes",
            "B       demerit 5 points");
  }

  @Test
  void aPeerIsALine() throws JsonProcessingException {
    String[] lines = print(Views.peers(json("[" + PEER + "]"))).split("\\R");
    assertThat(lines[1].split(" {2,}"))
        .containsExactly(
            "7",
            "1.2.3.4:5",
            "inbound sync",
            "/x/",
            "11",
            "1.3 ms",
            "2.0 KiB",
            "3.0 MiB",
            "2",
            "t");
  }

  @Test
  void aPeersFlowsAndTrafficAreTables() throws JsonProcessingException {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    Views.peer(json(PEER), out);
    out.flush();
    assertThat(text.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "connection 7",
            "ping running 1 2 3 4",
            "block 0 0 B 1 3.0 MiB",
            "ping 2 2.0 KiB 0 0 B");
  }

  @Test
  void aFlowThatWasSwitchedOffSaysSo() throws JsonProcessingException {
    String flows =
        """
        [{"name": "ping", "protocolVersions": [10, 11], "phase": "ready", "receives": ["ping"], "sends": ["pong"],
          "onFailure": "restart", "origin": "built-in"},
         {"name": "filter", "protocolVersions": [11], "phase": "ready", "receives": [], "sends": [],
          "onFailure": "restart", "origin": "filter.jar", "extension": {"state": "disabled", "detail": "failed 11 times"}}]
        """;
    assertThat(print(Views.flows(json(flows))).lines().map(line -> line.split(" {2,}")))
        .containsExactly(
            new String[] {"NAME", "PROTOCOL VERSIONS", "PHASE", "ON FAILURE", "ORIGIN", "STATE"},
            new String[] {"ping", "10, 11", "ready", "restart", "built-in", "running"},
            new String[] {
              "filter", "11", "ready", "restart", "filter.jar", "disabled: failed 11 times"
            });
  }

  /** As in the lines that the node itself writes. */
  @Test
  void numbersHaveAPointWhereverTheUserLives() throws JsonProcessingException {
    Locale usual = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY);
    try {
      assertThat(Views.size(1536)).isEqualTo("1.5 KiB");
      assertThat(print(Views.peers(json("[" + PEER + "]")))).contains("1.3 ms");
      assertThat(
              EventLines.line(
                  json(
                      "{\"type\":\"syncChanged\",\"at\":\"t\",\"sync\":{\"state\":\"syncing\","
                          + "\"stage\":\"headers\",\"progress\":0.5}}")))
          .endsWith("50.0 %");
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, usual);
    }
  }

  @Test
  void noControlsOfATerminalAreInTheLineOfAnEvent() throws JsonProcessingException {
    assertThat(
            EventLines.line(
                json("{\"type\":\"unbanned\",\"address\":\"a\u009b2J\u202eb\u2028c\"}")))
        .isEqualTo("a?2J?b?c no longer banned");
  }

  @Test
  void eventsAreLinesWithoutControlCharacters() throws JsonProcessingException {
    assertThat(
            EventLines.line(
                json(
                    "{\"type\":\"blockAdded\",\"at\":\"t\",\"hash\":\"0123456789abcdef\",\"parentHashes\":[\"a\",\"b\"],"
                        + "\"blueScore\":9,\"transactionCount\":3,\"connection\":7}")))
        .isEqualTo("t block 0123456789ab…, blue score 9, 2 parents, 3 transactions, from peer 7");
    assertThat(
            EventLines.line(
                json(
                    "{\"type\":\"peerDisconnected\",\"at\":\"t\",\"peer\":{\"connection\":7,\"address\":\"1.2.3.4:5\","
                        + "\"userAgent\":\"/x\\n/\"},\"reason\":\"link-lost\",\"detail\":\"reset\"}")))
        .isEqualTo("t peer 7 1.2.3.4:5 /x?/ left: link-lost (reset)");
    assertThat(
            EventLines.line(
                json(
                    "{\"type\":\"syncChanged\",\"at\":\"t\",\"sync\":{\"state\":\"syncing\",\"stage\":\"headers\","
                        + "\"progress\":0.5}}")))
        .isEqualTo("t sync syncing, headers 50.0 %");
    assertThat(
            EventLines.line(
                json(
                    "{\"type\":\"chainChanged\",\"at\":\"t\",\"removedChainBlockHashes\":[\"a\"],"
                        + "\"addedChainBlockHashes\":[\"b\",\"c\"],\"acceptedTransactionIds\":["
                        + "{\"acceptedTransactionIds\":[\"d\"]},{\"acceptedTransactionIds\":[\"e\"]}]}")))
        .isEqualTo("t selected chain: 1 blocks left, 2 came and accepted 2 transactions");
    assertThat(EventLines.line(json("{\"type\":\"new\"}"))).isEqualTo("{\"type\":\"new\"}");
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }

  private static String print(TextTable table) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    table.print(out);
    out.flush();
    return text.toString();
  }
}
