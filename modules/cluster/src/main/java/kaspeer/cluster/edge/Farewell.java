package kaspeer.cluster.edge;

import kaspeer.cluster.proto.Detach;

/** Why an edge leaves a core. */
enum Farewell {
  NO_ANSWER("no-answer", "it does not answer"),
  NO_MEMBER("no-member", "it is no member any more"),
  SILENT("silent", "it is silent"),
  SLOW("slow", "it is slow"),
  LEAVING("leaving", "it is about to leave"),
  ENDED("ended", "it has ended the session");

  private final String label;
  private final String text;

  Farewell(String label, String text) {
    this.label = label;
    this.text = text;
  }

  /** As metrics name it. */
  String label() {
    return label;
  }

  /** The last word to a core. */
  Detach to(long session) {
    return Detach.newBuilder().setSession(session).setReason(text).build();
  }

  /** For the log. */
  String text() {
    return text;
  }
}
