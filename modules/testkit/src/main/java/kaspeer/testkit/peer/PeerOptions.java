package kaspeer.testkit.peer;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a scripted peer connects.
 *
 * @param source address to dial from, such as 127.0.0.7; none for the system's choice
 * @param window bytes that the other side may send unread, for stream and connection
 * @param encoding name of the compression that messages may have, as told to the other side
 * @param gzip whether to compress what is sent, as kaspad does when it dials
 * @param acceptGzip whether to say that gzip is understood (it is, said or not)
 * @param openStream whether to open the stream at once after the HTTP/2 greeting
 * @param reading whether to read from the start, before {@link ScriptedPeer#reading} says so
 */
public record PeerOptions(
    @Nullable InetAddress source,
    int window,
    String encoding,
    boolean gzip,
    boolean acceptGzip,
    boolean openStream,
    boolean reading) {
  private static final String IDENTITY = "identity";

  /** No compression, a window of 1 MiB, the stream opened at once. */
  public static final PeerOptions DEFAULT =
      new PeerOptions(null, 1 << 20, IDENTITY, false, false, true, true);

  public PeerOptions withSource(InetAddress value) {
    return new PeerOptions(value, window, encoding, gzip, acceptGzip, openStream, reading);
  }

  public PeerOptions withWindow(int value) {
    return new PeerOptions(source, value, encoding, gzip, acceptGzip, openStream, reading);
  }

  /** Compresses what is sent, and says that it takes compressed answers. */
  public PeerOptions withGzip() {
    return new PeerOptions(source, window, "gzip", true, true, openStream, reading);
  }

  /** Names an encoding, whether anybody knows it or not, and compresses nothing. */
  public PeerOptions withEncoding(String name) {
    return new PeerOptions(source, window, name, false, acceptGzip, openStream, reading);
  }

  /** Greets by HTTP/2, and opens no stream. */
  public PeerOptions withoutStream() {
    return new PeerOptions(source, window, encoding, gzip, acceptGzip, false, reading);
  }

  /** Reads nothing until told to. */
  public PeerOptions withoutReading() {
    return new PeerOptions(source, window, encoding, gzip, acceptGzip, openStream, false);
  }
}
