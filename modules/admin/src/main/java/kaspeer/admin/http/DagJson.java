package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Optional;
import kaspeer.admin.AdminReply.BlockReport;
import kaspeer.admin.AdminReply.DagReport;
import kaspeer.admin.ChainStop;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.CompactTarget;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;

/** The DAG and the place of blocks in it, by the names of kaspad's RPC, and their schemas. */
final class DagJson {
  /** The easiest target there can be, as kaspad counts difficulty from: 2^255 - 1. */
  private static final double EASIEST_TARGET =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.ONE).doubleValue();

  static final Schema CHAIN_STOPPED =
      Schema.object(
              "Where the selected chain ends, because this version cannot judge the next block.")
          .with("hash", Schema.hash("The block that cannot be judged."))
          .with("detail", Schema.string("Why."));

  static final Schema DAG =
      Schema.object("The DAG at one moment.")
          .with("network", Schema.string("mainnet, testnet-10, devnet or simnet."))
          .with("blockCount", Schema.integer("Blocks with bodies, without genesis."))
          .with("headerCount", Schema.integer("Headers, without genesis."))
          .with(
              "tipHashes",
              Schema.array(Schema.hash(""), "Blocks that no other block has as a parent."))
          .with(
              "virtualParentHashes", Schema.array(Schema.hash(""), "Parents of a block made now."))
          .with("sink", Schema.hash("The tip of the selected chain."))
          .with("sinkBlueScore", Schema.integer("Its blue score."))
          .with("sinkTimestamp", Schema.integer("Its time, in milliseconds since 1970."))
          .with(
              "headersTip",
              Schema.hash("The header with the most blue work, its body here or not."))
          .with("headersTipBlueScore", Schema.integer("Its blue score."))
          .with("virtualDaaScore", Schema.integer("DAA score of a block made now."))
          .with("difficulty", Schema.number("As a multiple of the lowest there can be."))
          .with(
              "pastMedianTime", Schema.integer("Of a block made now, in milliseconds since 1970."))
          .with("pruningPointHash", Schema.hash("The pruning point."))
          .nullable(
              "utxoCommitment",
              Schema.hash(
                  "To the unspent outputs before the sink's own transactions, as its header has"
                      + " it; null if that cannot be read."))
          .nullable("chainStopped", CHAIN_STOPPED)
          .with(
              "finalityViolations",
              Schema.array(
                  Schema.hash(""),
                  "Tips that have more work than the sink and are not followed: that would undo"
                      + " what is final."));

  static final Schema BLOCK =
      Schema.object("A block.")
          .with("hash", Schema.hash(""))
          .with(
              "status",
              Schema.words(
                  "How far it came.",
                  "headerOnly",
                  "body",
                  "utxoValid",
                  "disqualifiedFromChain",
                  "invalid",
                  "unknown"))
          .with("isChainBlock", Schema.bool("Whether it is on the selected chain."))
          .nullable(
              "acceptance",
              Schema.array(
                  Schema.object("A merged block.")
                      .with("blockHash", Schema.hash(""))
                      .with(
                          "acceptedTransactionIds",
                          Schema.array(Schema.hash(""), "Of its transactions.")),
                  "What it accepted when it was on the selected chain; null if it never was."))
          .nullable("selectedParentHash", Schema.hash("Null for genesis, as what follows."))
          .nullable(
              "mergeSetBluesHashes",
              Schema.array(Schema.hash(""), "Blue blocks it merges, its selected parent first."))
          .nullable("mergeSetRedsHashes", Schema.array(Schema.hash(""), "Red blocks it merges."))
          .with("blueScore", Schema.integer(""))
          .with("header", BlockJson.HEADER)
          .nullable("transactionCount", Schema.integer("Null while only the header is here."))
          .maybe(
              "transactions",
              Schema.array(BlockJson.TRANSACTION, "If they were asked for and are here."));

  private DagJson() {}

  static ObjectNode dag(DagReport report) {
    DagSnapshot dag = report.dag();
    ObjectNode json = Json.object();
    json.put("network", report.network().optionName());
    json.put("blockCount", dag.blockCount());
    json.put("headerCount", dag.headerCount());
    json.set("tipHashes", Json.hashes(dag.tips()));
    json.set("virtualParentHashes", Json.hashes(dag.virtualParents()));
    json.put("sink", dag.sink().hash().toString());
    json.set("sinkBlueScore", Json.unsigned(dag.sink().blueScore()));
    json.set("sinkTimestamp", Json.unsigned(dag.sink().timestamp()));
    json.put("headersTip", dag.headersTip().hash().toString());
    json.set("headersTipBlueScore", Json.unsigned(dag.headersTip().blueScore()));
    json.set("virtualDaaScore", Json.unsigned(dag.virtualDaaScore()));
    json.put("difficulty", difficulty(dag.virtualBits()));
    json.set("pastMedianTime", Json.unsigned(dag.pastMedianTime()));
    json.put("pruningPointHash", dag.pruningPoint().toString());
    json.put("utxoCommitment", report.utxoCommitment().map(Hash::toString).orElse(null));
    json.set("chainStopped", chainStopped(report.chain().stop()));
    json.set("finalityViolations", Json.hashes(report.chain().violatingFinality()));
    return json;
  }

  static JsonNode chainStopped(Optional<ChainStop> stop) {
    return stop.<JsonNode>map(
            s -> Json.object().put("hash", s.hash().toString()).put("detail", s.detail()))
        .orElse(NullNode.getInstance());
  }

  /** As kaspad's RPC has it; a target of 0, which no block has, counts as 0. */
  static double difficulty(int bits) {
    double target = CompactTarget.target(bits).doubleValue();
    return target == 0 ? 0 : EASIEST_TARGET / target;
  }

  static ObjectNode block(BlockReport report, boolean withTransactions) {
    Header header = report.header();
    ObjectNode json = Json.object();
    json.put("hash", header.hash().toString());
    json.put("status", status(report.place().status()));
    json.put("isChainBlock", report.place().onChain());
    json.set(
        "acceptance",
        report
            .place()
            .accepted()
            .<JsonNode>map(accepted -> Json.array(accepted.merged(), DagJson::merged))
            .orElse(NullNode.getInstance()));
    mergeSet(json, report.place().merge());
    json.set("blueScore", Json.unsigned(header.blueScore()));
    json.set("header", BlockJson.header(header));
    json.putNull("transactionCount");
    if (report.block().isPresent()) {
      Block block = report.block().get();
      json.put("transactionCount", block.transactions().size());
      if (withTransactions) {
        json.set("transactions", Json.array(block.transactions(), BlockJson::transaction));
      }
    }
    return json;
  }

  /** By the names of kaspad's RPC. */
  private static void mergeSet(ObjectNode json, Optional<Dag.MergeSet> merge) {
    json.putNull("selectedParentHash").putNull("mergeSetBluesHashes").putNull("mergeSetRedsHashes");
    merge.ifPresent(
        set -> {
          json.put("selectedParentHash", set.selectedParent().toString());
          json.set("mergeSetBluesHashes", Json.hashes(set.blues()));
          json.set("mergeSetRedsHashes", Json.hashes(set.reds()));
        });
  }

  private static JsonNode merged(AcceptedBlock.Merged merged) {
    ObjectNode json = Json.object().put("blockHash", merged.block().toString());
    json.set("acceptedTransactionIds", Json.hashes(merged.transactions()));
    return json;
  }

  static String status(BlockStatus status) {
    return switch (status) {
      case UNKNOWN -> "unknown";
      case INVALID -> "invalid";
      case HEADER_ONLY -> "headerOnly";
      case BODY -> "body";
      case UTXO_VALID -> "utxoValid";
      case DISQUALIFIED_FROM_CHAIN -> "disqualifiedFromChain";
    };
  }
}
