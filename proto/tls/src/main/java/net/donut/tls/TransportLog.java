package net.donut.tls;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import net.donut.model.queue.LineBudgets;

/// What gRPC and Netty log, as lines of ours: one each, without the stack trace of every malformed
/// message, and within the budget of what peers cause. Used by any thread.
public final class TransportLog {
  /// Held, as the JDK forgets the settings of a logger that nobody holds.
  private static final List<Logger> SOURCES =
      List.of(Logger.getLogger("io.grpc"), Logger.getLogger("io.netty"));

  /// What a peer does wrong is the peer's; the transport of gRPC would tell it of each.
  private static final Logger TRANSPORT = Logger.getLogger("io.grpc.netty");

  static {
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    TRANSPORT.setLevel(Level.SEVERE);
    for (Logger source : SOURCES) {
      source.setUseParentHandlers(false);
      source.addHandler(new Lines());
    }
  }

  private TransportLog() {}

  /// Takes over their lines from now on; to be called before Netty is used. Later calls do nothing.
  public static void install() {
    // the static initializer has done it
  }

  private static final class Lines extends Handler {
    @Override
    public void publish(LogRecord record) {
      if (record.getLevel().intValue() < Level.INFO.intValue()) {
        return;
      }
      String name = String.valueOf(record.getLoggerName());
      Throwable thrown = record.getThrown();
      TlsLog.transport(
          name.substring(name.lastIndexOf('.') + 1),
          LineBudgets.oneLine(String.valueOf(record.getMessage())),
          thrown == null ? "" : LineBudgets.oneLine(String.valueOf(thrown)));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
