package kaspeer.testkit.kill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.node.KaspeerNode;

/**
 * What a running node says of its DAG, and what the next block has to commit to: the UTXO set and
 * the lanes. Two nodes that know the same blocks say the same.
 */
record NodeState(Map<String, Object> facts) {
  NodeState {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  static NodeState of(KaspeerNode node) {
    Map<String, Object> facts = new LinkedHashMap<>();
    JsonNode dag = node.get("dag");
    for (String name : List.of("sink", "virtualDaaScore", "blockCount", "headerCount")) {
      facts.put(name, dag.get(name));
    }
    for (String name : List.of("tipHashes", "virtualParentHashes")) {
      TreeSet<String> hashes = new TreeSet<>();
      dag.get(name).forEach(hash -> hashes.add(hash.asText()));
      facts.put(name, hashes);
    }
    JsonNode header =
        node.change(
                "POST",
                "block-template",
                JsonNodeFactory.instance
                    .objectNode()
                    .put("payAddress", RecordedDag.wallet().address())
                    .toString())
            .get("header");
    for (String name : List.of("utxoCommitment", "acceptedIdMerkleRoot", "pruningPoint")) {
      facts.put(name, header.get(name));
    }
    return new NodeState(facts);
  }
}
