package kaspeer.engine.dial;

import java.net.InetSocketAddress;
import kaspeer.engine.net.NetFault;
import kaspeer.transport.LinkEnd;
import kaspeer.transport.LinkFailedException;
import kaspeer.wire.NetAddress;

/** Why a dial came to nothing, for whoever ordered it. */
final class DialFailures {
  private DialFailures() {}

  static String text(InetSocketAddress address, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof LinkFailedException failed) {
      return text(NetAddress.of(address), failed.end());
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  static String text(NetAddress peer, LinkEnd end) {
    return switch (end) {
      case LinkEnd.IoError(var detail) ->
          NetFault.words(detail)
              .map(words -> words + (words.endsWith("refused") ? " by " : ": ") + peer)
              .orElse("no connection to " + peer + ": " + detail);
      case LinkEnd.TimedOut(var stage) when stage == LinkEnd.Stage.STREAM ->
          "no answer in time: " + peer;
      case LinkEnd.TimedOut _ ->
          peer + " took the connection, but did not answer as a peer in time";
      case LinkEnd.RemoteClosed _ -> peer + " closed the connection, as what is no peer does too";
      case LinkEnd.Refused(var detail) -> "refused by " + peer + ": " + detail;
      case LinkEnd.Fault(var fault) -> peer + " sent what no peer sends: " + fault;
      case LinkEnd.Abuse _ -> peer + " does not answer as a peer";
      case LinkEnd.Displaced _, LinkEnd.Congested _ -> "no room for " + peer + " now";
      case LinkEnd.LocalClosed(var reason) -> "closed by us: " + reason;
    };
  }
}
