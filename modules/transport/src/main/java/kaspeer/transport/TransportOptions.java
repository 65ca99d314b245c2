package kaspeer.transport;

import java.time.Duration;
import kaspeer.wire.PayloadCatalogue;

/**
 * Settings of the transport. Make with {@link #DEFAULT} and {@link #toBuilder}.
 *
 * @param catalogue payload types that links take
 * @param threads event loops; they also decompress and check frames
 * @param inboundFrames frames read ahead of a link's consumer
 * @param inboundBytes bytes read ahead of a link's consumer, besides one frame
 * @param processBytes bytes that all links together may hold unread
 * @param controlBytes bound of a link's control queue; a single larger frame passes when the queue
 *     is empty, here and in the next two
 * @param answerBytes bound of a link's answer queue
 * @param announcementBytes bound of a link's announcement queue
 * @param inboundWindow HTTP/2 window granted to peers that dialled us, in bytes
 * @param outboundWindow HTTP/2 window granted to peers that we dialled, in bytes
 * @param gzip whether to compress what we send to peers that take it
 * @param connectTimeout for the TCP connection
 * @param headersTimeout for the response headers of a peer that we dialled
 * @param streamTimeout for the request of a peer that dialled us, from accepting on
 * @param handshakeTimeout until {@link Link#enterPhase} makes an inbound link ready
 * @param frameTimeout for the rest of a frame, plus a second for each 128 KiB
 * @param sendTimeout for a peer that takes nothing of what waits for it
 * @param closeTimeout for the last words of a link
 */
public record TransportOptions(
    PayloadCatalogue catalogue,
    int threads,
    int inboundFrames,
    int inboundBytes,
    long processBytes,
    int controlBytes,
    int answerBytes,
    int announcementBytes,
    int inboundWindow,
    int outboundWindow,
    boolean gzip,
    Duration connectTimeout,
    Duration headersTimeout,
    Duration streamTimeout,
    Duration handshakeTimeout,
    Duration frameTimeout,
    Duration sendTimeout,
    Duration closeTimeout) {
  private static final int KIB = 1024;

  /** What suits a node. */
  public static final TransportOptions DEFAULT =
      new TransportOptions(
          PayloadCatalogue.standard(),
          Math.min(4, Runtime.getRuntime().availableProcessors()),
          2 * InboundStage.MAX_AT_ONCE,
          1024 * KIB,
          Math.max(64L * KIB * KIB, Runtime.getRuntime().maxMemory() / 4),
          1024 * KIB,
          4096 * KIB,
          512 * KIB,
          512 * KIB,
          1024 * KIB,
          false,
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(3),
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          Duration.ofSeconds(1));

  /**
   * @throws IllegalArgumentException if a number or a time is not positive
   */
  public TransportOptions {
    long least = Math.min(Math.min(threads, inboundFrames), Math.min(inboundBytes, processBytes));
    least = Math.min(least, Math.min(Math.min(controlBytes, answerBytes), announcementBytes));
    least = Math.min(least, Math.min(inboundWindow, outboundWindow));
    if (least < 1) {
      throw new IllegalArgumentException("numbers must be positive");
    }
    for (Duration time :
        new Duration[] {
          connectTimeout,
          headersTimeout,
          streamTimeout,
          handshakeTimeout,
          frameTimeout,
          sendTimeout,
          closeTimeout
        }) {
      if (!time.isPositive()) {
        throw new IllegalArgumentException("times must be positive");
      }
    }
  }

  /** These options changed by hand. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Changes options. */
  public static final class Builder {
    private PayloadCatalogue catalogue;
    private int threads;
    private int inboundFrames;
    private int inboundBytes;
    private long processBytes;
    private int controlBytes;
    private int answerBytes;
    private int announcementBytes;
    private int inboundWindow;
    private int outboundWindow;
    private boolean gzip;
    private Duration connectTimeout;
    private Duration headersTimeout;
    private Duration streamTimeout;
    private Duration handshakeTimeout;
    private Duration frameTimeout;
    private Duration sendTimeout;
    private Duration closeTimeout;

    private Builder(TransportOptions from) {
      catalogue = from.catalogue;
      threads = from.threads;
      inboundFrames = from.inboundFrames;
      inboundBytes = from.inboundBytes;
      processBytes = from.processBytes;
      controlBytes = from.controlBytes;
      answerBytes = from.answerBytes;
      announcementBytes = from.announcementBytes;
      inboundWindow = from.inboundWindow;
      outboundWindow = from.outboundWindow;
      gzip = from.gzip;
      connectTimeout = from.connectTimeout;
      headersTimeout = from.headersTimeout;
      streamTimeout = from.streamTimeout;
      handshakeTimeout = from.handshakeTimeout;
      frameTimeout = from.frameTimeout;
      sendTimeout = from.sendTimeout;
      closeTimeout = from.closeTimeout;
    }

    public Builder catalogue(PayloadCatalogue value) {
      catalogue = value;
      return this;
    }

    public Builder threads(int value) {
      threads = value;
      return this;
    }

    /** Frames and bytes read ahead of a link's consumer. */
    public Builder inbound(int frames, int bytes) {
      inboundFrames = frames;
      inboundBytes = bytes;
      return this;
    }

    public Builder processBytes(long value) {
      processBytes = value;
      return this;
    }

    /** Bounds of the three queues, in bytes. */
    public Builder queueBytes(int control, int answer, int announcement) {
      controlBytes = control;
      answerBytes = answer;
      announcementBytes = announcement;
      return this;
    }

    /** HTTP/2 windows for peers that dialled us and that we dialled, in bytes. */
    public Builder windows(int inbound, int outbound) {
      inboundWindow = inbound;
      outboundWindow = outbound;
      return this;
    }

    public Builder gzip(boolean value) {
      gzip = value;
      return this;
    }

    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    public Builder headersTimeout(Duration value) {
      headersTimeout = value;
      return this;
    }

    public Builder streamTimeout(Duration value) {
      streamTimeout = value;
      return this;
    }

    public Builder handshakeTimeout(Duration value) {
      handshakeTimeout = value;
      return this;
    }

    public Builder frameTimeout(Duration value) {
      frameTimeout = value;
      return this;
    }

    public Builder sendTimeout(Duration value) {
      sendTimeout = value;
      return this;
    }

    public Builder closeTimeout(Duration value) {
      closeTimeout = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException if a number or a time is not positive
     */
    public TransportOptions build() {
      return new TransportOptions(
          catalogue,
          threads,
          inboundFrames,
          inboundBytes,
          processBytes,
          controlBytes,
          answerBytes,
          announcementBytes,
          inboundWindow,
          outboundWindow,
          gzip,
          connectTimeout,
          headersTimeout,
          streamTimeout,
          handshakeTimeout,
          frameTimeout,
          sendTimeout,
          closeTimeout);
    }
  }
}
