package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;

/// Packs routes into as few UPDATE messages as the size limit of the session allows.
public final class UpdateWriter {
  private UpdateWriter() {}

  /// Appends the UPDATEs that announce `prefixes`, none longer than
  /// [SessionOptions#maxMessageBytes]. Returns how many messages were written: 0 when there are no
  /// prefixes, or when the attributes alone leave no room for a prefix; then the routes cannot be
  /// sent to this neighbor and must be withdrawn (RFC 8654 §4).
  public static int announce(
      Prefixes prefixes, PathAttributes attributes, SessionOptions options, ByteBuf out) {
    String text = String.valueOf(prefixes + " " + attributes + options + out);
    throw unfinished(text);
  }

  /// Appends the UPDATEs that withdraw `prefixes`; returns how many messages were written.
  public static int withdraw(Prefixes prefixes, SessionOptions options, ByteBuf out) {
    String text = String.valueOf(prefixes + " " + options + out);
    throw unfinished(text);
  }

  /// Appends the End-of-RIB marker of a family (RFC 4724 §2).
  public static void endOfRib(Family family, ByteBuf out) {
    String text = String.valueOf(family + " " + out);
    throw unfinished(text);
  }

  private static UnsupportedOperationException unfinished(String text) {
    return new UnsupportedOperationException(text);
  }
}
