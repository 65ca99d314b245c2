package kaspeer.admin.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.AdminReply;
import kaspeer.admin.http.Problem.Kind;
import kaspeer.primitives.Address;
import kaspeer.primitives.AddressException;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.json.JsonNode;
import kaspeer.wire.Blocks;
import org.jspecify.annotations.Nullable;

/** Blocks for those who mine. */
final class TemplateRoutes {
  /** More than a coinbase holds; the exact limit is the consensus's. */
  private static final int MAX_EXTRA_DATA = 256;

  /** What the JSON form has as a member. */
  private static final String IS_SYNCED = "Kaspeer-Is-Synced";

  private static final Schema ORDER =
      Schema.object("")
          .with("payAddress", Schema.string("Whom the reward is for: an address of the network."))
          .maybe("extraData", Schema.string("Text to go into the coinbase."));

  private final Gateway gateway;
  private volatile @Nullable Network network;

  /**
   * What was answered last: the mempool makes a template anew once a second, and miners ask far
   * more often.
   */
  private volatile @Nullable Answered answered;

  private record Answered(Hash block, boolean nearlySynced, byte[] json) {}

  TemplateRoutes(Gateway gateway) {
    this.gateway = gateway;
  }

  List<Route> routes() {
    return List.of(
        Route.post(
                "/api/v1/block-template",
                "Makes the next block, to be mined and handed in as it is.")
            .order(ORDER, false)
            .answers(
                Route.Answer.jsonOrProtobuf(BlockJson.TEMPLATE)
                    .header(
                        IS_SYNCED, "With protobuf only: isSynced of the JSON form, true or false."))
            .noted(Route.Note.NEVER)
            .by(this::make));
  }

  private Response make(Request request) throws InterruptedException {
    Order order = Orders.read(request, TemplateRoutes::order);
    ScriptPublicKey payTo = payTo(order.payAddress);
    byte[] extraData = order.extraData.getBytes(StandardCharsets.UTF_8);
    if (extraData.length > MAX_EXTRA_DATA) {
      throw new Problem(Kind.BAD_REQUEST, "extraData of more than " + MAX_EXTRA_DATA + " bytes");
    }
    AdminReply.BlockTemplate template =
        gateway.ask(
            AdminReply.BlockTemplate.class,
            replyTo -> new AdminCommand.GetBlockTemplate(payTo, extraData, replyTo));
    return request.wants(Route.BodyRule.PROTOBUF)
        ? new Response.Text(
            200,
            Route.BodyRule.PROTOBUF,
            Blocks.toWire(template.block()).toByteArray(),
            IS_SYNCED,
            Boolean.toString(template.nearlySynced()))
        : new Response.Text(200, Route.BodyRule.JSON, json(template));
  }

  private byte[] json(AdminReply.BlockTemplate template) {
    Answered last = answered;
    Hash block = template.block().hash();
    if (last == null || !last.block.equals(block) || last.nearlySynced != template.nearlySynced()) {
      byte[] json = Json.bytes(BlockJson.template(template.block(), template.nearlySynced()));
      last = new Answered(block, template.nearlySynced(), json);
      answered = last;
    }
    return last.json;
  }

  /** The network of the node, which is the same for good. */
  private Network network() throws InterruptedException {
    Network known = network;
    if (known == null) {
      known = gateway.ask(AdminReply.DagReport.class, AdminCommand.GetDag::new).network();
      network = known;
    }
    return known;
  }

  private record Order(String payAddress, String extraData) {}

  private static Order order(JsonNode order) {
    Orders.only(order, "payAddress", "extraData");
    JsonNode extraData = order.find("extraData");
    return new Order(
        order.get("payAddress").asString(), extraData == null ? "" : extraData.asString());
  }

  private ScriptPublicKey payTo(String text) throws InterruptedException {
    Network network = network();
    try {
      Address address = Address.parse(text);
      if (address.network() != network) {
        throw new Problem(
            Kind.BAD_REQUEST,
            "payAddress is of "
                + address.network().optionName()
                + ", not of "
                + network.optionName());
      }
      return address.toScriptPublicKey();
    } catch (AddressException e) {
      throw new Problem(Kind.BAD_REQUEST, "payAddress: " + e.getMessage());
    }
  }
}
