package kaspeer.node.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import kaspeer.node.config.NodeConfig.LogLevel;
import kaspeer.primitives.Printable;
import org.slf4j.LoggerFactory;

/**
 * One line an event, on standard output: time in UTC, level, who, what. Line breaks in it become
 * bars and what else is not {@linkplain Printable printed} question marks, so that nobody whose
 * words are logged can write lines of his own.
 */
public final class Logging {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{24} "
          + "%replace(%replace(%msg%replace(%rEx{full}){'^(?=.)',' | '}){'[\\r\\n]+\\s*',' | '}){'"
          + Printable.NOT_PRINTED
          + "','?'}%nopex%n";

  private static boolean isSetUp;

  private Logging() {}

  /** Sets the log up for the process, unless that was done before. */
  public static synchronized void orElse(LogLevel level, OutputStream out) {
    if (!isSetUp) {
      setUp(level, out);
    }
  }

  /** Sets the log up for the process. */
  public static synchronized void setUp(LogLevel level, OutputStream out) {
    isSetUp = true;
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(out);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(others(level));
    root.addAppender(appender);
    // It warns of every connection that was refused or displaced, which a peer can cause at will;
    // we count them.
    context.getLogger("io.grpc.netty.shaded.io.netty.bootstrap").setLevel(Level.ERROR);
    context.getLogger("kaspeer").setLevel(Level.toLevel(level.name()));
  }

  /** Libraries speak up from warnings on, unless everything is wanted. */
  private static Level others(LogLevel level) {
    return switch (level) {
      case ERROR -> Level.ERROR;
      case WARN, INFO, DEBUG -> Level.WARN;
      case TRACE -> Level.DEBUG;
    };
  }
}
