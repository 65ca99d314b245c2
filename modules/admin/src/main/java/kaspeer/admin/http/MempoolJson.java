package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;
import kaspeer.flow.mempool.Mempool;

/** The mempool and its transactions in JSON, and their schemas. */
final class MempoolJson {
  private static final Schema FEE_BUCKET =
      Schema.object("")
          .with("feerate", Schema.number("Sompi for a gram of the mass that counts."))
          .with("estimatedSeconds", Schema.number("Until such a transaction is in a block."));

  private static final Schema FEE_ESTIMATE =
      Schema.object("What fee rate gets a transaction into a block how soon.")
          .with("priorityBucket", FEE_BUCKET)
          .with("normalBuckets", Schema.array(FEE_BUCKET, "The first: within a minute."))
          .with("lowBuckets", Schema.array(FEE_BUCKET, "The first: within an hour."));

  /** What a watcher is told of it. */
  static final Schema.Obj CHANGED =
      Schema.object("The mempool.")
          .with("mempoolSize", Schema.integer("Transactions, without orphans."))
          .with("orphansSize", Schema.integer("Transactions that wait for others."))
          .with("bytes", Schema.integer("Memory they take."))
          .with("feeEstimate", FEE_ESTIMATE);

  static final Schema MEMPOOL =
      Schema.object("The mempool.")
          .with("mempoolSize", Schema.integer("Transactions, without orphans."))
          .with("readySize", Schema.integer("Those of them that build on no other here."))
          .with("localSize", Schema.integer("Those of them that were submitted to this node."))
          .with("orphansSize", Schema.integer("Transactions that wait for others."))
          .with("orphanBytes", Schema.integer("Memory the orphans take."))
          .with("bytes", Schema.integer("Memory they take."))
          .with("maxTransactions", Schema.integer(""))
          .with("maxBytes", Schema.integer(""))
          .with("feeEstimate", FEE_ESTIMATE)
          .with(
              "counts",
              Schema.byName(Schema.integer(""), "What became of transactions since the start."));

  private static final Schema MASS =
      Schema.object("Grams, of each kind.")
          .with("compute", Schema.integer(""))
          .with("transient", Schema.integer(""))
          .with("storage", Schema.integer(""));

  static final Schema TRANSACTION =
      BlockJson.TRANSACTION
          .with(
              "isOrphan",
              Schema.bool(
                  "Whether it waits for transactions it builds on; what it pays is not known"
                      + " then."))
          .maybe("fee", Schema.integer("In sompi."))
          .maybe("feerate", Schema.number("Sompi for a gram of the mass that counts."))
          .maybe("mass", MASS)
          .maybe("isReady", Schema.bool("Whether it builds on no other in the mempool."))
          .maybe("addedDaaScore", Schema.integer("When it came."))
          .maybe("bytes", Schema.integer("Memory it takes."));

  private MempoolJson() {}

  static ObjectNode transaction(Mempool.Description found) {
    ObjectNode json = BlockJson.transaction(found.transaction());
    Mempool.Price price = found.price();
    json.put("isOrphan", price == null);
    if (price == null) {
      return json;
    }
    json.put("fee", price.fee()).put("feerate", price.feeRate());
    json.putObject("mass")
        .put("compute", price.computeMass())
        .put("transient", price.transientMass())
        .put("storage", price.storageMass());
    json.put("isReady", price.ready());
    json.set("addedDaaScore", Json.unsigned(price.daaScore()));
    return json.put("bytes", price.bytes());
  }

  /** The little that a watcher is told. */
  static void changed(ObjectNode json, Mempool.Info info) {
    json.put("mempoolSize", info.transactions());
    json.put("orphansSize", info.orphans());
    json.put("bytes", info.bytes());
    json.set("feeEstimate", fees(info.fees()));
  }

  static JsonNode mempool(Mempool.Info info) {
    ObjectNode json =
        Json.object()
            .put("mempoolSize", info.transactions())
            .put("readySize", info.ready())
            .put("localSize", info.local())
            .put("orphansSize", info.orphans())
            .put("orphanBytes", info.orphanBytes())
            .put("bytes", info.bytes())
            .put("maxTransactions", info.maxTransactions())
            .put("maxBytes", info.maxBytes());
    json.set("feeEstimate", fees(info.fees()));
    ObjectNode counts = json.putObject("counts");
    new TreeMap<>(info.counts()).forEach(counts::put);
    return json;
  }

  private static ObjectNode fees(Mempool.FeeEstimate estimate) {
    ObjectNode fees = Json.object();
    fees.set("priorityBucket", bucket(estimate.priority()));
    fees.set("normalBuckets", Json.array(estimate.normal(), MempoolJson::bucket));
    fees.set("lowBuckets", Json.array(estimate.low(), MempoolJson::bucket));
    return fees;
  }

  /** As kaspad's RPC has it. */
  private static JsonNode bucket(Mempool.FeeBucket bucket) {
    return Json.object().put("feerate", bucket.feeRate()).put("estimatedSeconds", bucket.seconds());
  }
}
