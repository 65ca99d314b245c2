package kaspeer.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import kaspeer.engine.extension.FlowHealth;
import kaspeer.flow.Extension;

/** What a plug-in's flow does, and how it does, in JSON. */
final class ExtensionJson {
  private static final Schema MESSAGE =
      Schema.object("A message of its own.")
          .with("number", Schema.integer("Of the field in the envelope."))
          .with("name", Schema.string(""))
          .with("maxBytes", Schema.integer(""));

  static final Schema EXTENSION =
      Schema.object("What a plug-in's flow does; missing for one that is built in.")
          .with("state", Schema.words("Whether it is switched off.", "running", "disabled"))
          .with("detail", Schema.string("Why it is switched off; empty if it is not."))
          .maybe("tag", Schema.string("By which nodes that speak its messages know each other."))
          .maybe("audience", Schema.words("Whom it sends them.", "speakers", "chosen"))
          .with("messages", Schema.array(MESSAGE, "Of its own."))
          .with("observes", Schema.array(Schema.string(""), "Message types."))
          .with("intercepts", Schema.array(Schema.string(""), "Message types."))
          .maybe("deadlineMs", Schema.integer("How long an intercepted message may wait."))
          .with("events", Schema.byName(Schema.integer(""), "How often each happened."));

  private ExtensionJson() {}

  static ObjectNode extension(Extension extension, FlowHealth.Report health) {
    ObjectNode json = Json.object().put("state", health.state()).put("detail", health.detail());
    extension
        .own()
        .ifPresent(
            own ->
                json.put("tag", own.tag())
                    .put("audience", own.audience().name().toLowerCase(Locale.ROOT)));
    json.set(
        "messages",
        Json.array(
            extension.own().stream().flatMap(own -> own.messages().stream()).toList(),
            message ->
                Json.object()
                    .put("number", message.number())
                    .put("name", message.name())
                    .put("maxBytes", message.maxBytes())));
    json.set(
        "observes",
        NodeJson.types(extension.observe().stream().flatMap(o -> o.payloads().stream()).toList()));
    json.set(
        "intercepts",
        NodeJson.types(
            extension.intercept().stream().flatMap(i -> i.payloads().stream()).toList()));
    extension
        .intercept()
        .ifPresent(intercept -> json.put("deadlineMs", intercept.deadline().toMillis()));
    ObjectNode events = json.putObject("events");
    health.events().forEach(events::put);
    return json;
  }
}
