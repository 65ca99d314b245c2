package kaspeer.transport;

import java.util.Locale;
import kaspeer.wire.WireFault;

/** Why a link ended. The first reason stands. */
public sealed interface LinkEnd {
  /** The peer closed the stream or the connection. */
  record RemoteClosed(String detail) implements LinkEnd {
    @Override
    public String code() {
      return "remote_closed";
    }
  }

  /** The peer sent a frame that was refused. */
  record Fault(WireFault fault) implements LinkEnd {
    @Override
    public String code() {
      return "fault_" + fault.reason().name().toLowerCase(Locale.ROOT);
    }
  }

  /** The peer used HTTP/2 as no honest one does. */
  record Abuse(HttpAbuse kind) implements LinkEnd {
    @Override
    public String code() {
      return "abuse_" + kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /** The peer would not have us: an error instead of a stream. */
  record Refused(String detail) implements LinkEnd {
    @Override
    public String code() {
      return "refused";
    }
  }

  /** Something did not happen in time. */
  record TimedOut(Stage stage) implements LinkEnd {
    @Override
    public String code() {
      return "timed_out_" + stage.name().toLowerCase(Locale.ROOT);
    }
  }

  /** Not yet through its handshake, it made room for a newcomer. */
  record Displaced() implements LinkEnd {
    @Override
    public String code() {
      return "displaced";
    }
  }

  /**
   * All peers together held more unread bytes than the process grants them. Not the peer's fault.
   */
  record Congested(long heldBytes) implements LinkEnd {
    @Override
    public String code() {
      return "congested";
    }
  }

  /** The network failed. */
  record IoError(String detail) implements LinkEnd {
    @Override
    public String code() {
      return "io_error";
    }
  }

  /** We closed it. */
  record LocalClosed(String reason) implements LinkEnd {
    @Override
    public String code() {
      return "local_closed";
    }
  }

  /** What did not happen in time. */
  enum Stage {
    /** TCP connection, HTTP/2 preface or request. */
    STREAM,
    /** Response headers of the peer that we dialled. */
    HEADERS,
    /** The handshake. */
    HANDSHAKE,
    /** The rest of a frame that had begun. */
    FRAME,
    /** The peer taking what we send. */
    SENDING
  }

  /** HTTP/2 that no honest peer sends. */
  enum HttpAbuse {
    /** Not HTTP/2 at all. */
    NOT_HTTP2,
    /** A request for something else than the message stream. */
    WRONG_REQUEST,
    /** A second stream on the connection. */
    SECOND_STREAM,
    /** Headers without end, or again and again. */
    HEADER_FLOOD,
    /** Pings by the hundred. */
    PING_FLOOD,
    /** Settings again and again. */
    SETTINGS_FLOOD,
    /** Resets. */
    RESET_FLOOD,
    /** Window updates by the thousand. */
    WINDOW_FLOOD,
    /** Data in tiny or empty frames. */
    FRAGMENT_FLOOD,
    /** Other frames that carry nothing. */
    FRAME_FLOOD
  }

  /** Short name for counters and metrics; one of a bounded set. */
  String code();
}
