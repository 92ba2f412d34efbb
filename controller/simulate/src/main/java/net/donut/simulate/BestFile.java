package net.donut.simulate;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import net.donut.core.Engine;
import net.donut.core.answer.BestRoute;
import org.jspecify.annotations.Nullable;

/// Writes the best path of every prefix, one row of tab-separated fields each: prefix, peer
/// address, peer AS, AS path, deciding step.
final class BestFile {
  private BestFile() {}

  /// `peers` gives the peer behind a neighbor, null for our own networks, which are left out.
  /// Returns the number of rows. Throws [BadInput] when the file cannot be written.
  static long write(Path file, Engine engine, String router, IntFunction<@Nullable MrtPeer> peers) {
    long[] rows = {0};
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      engine.best(
          router,
          route -> {
            MrtPeer peer = peers.apply(route.neighbor());
            if (peer != null) {
              row(out, route, peer);
              rows[0]++;
            }
          });
    } catch (IOException | UncheckedIOException e) {
      throw new BadInput(file + ": " + e.getMessage() + " (expected: a file that can be written)");
    }
    return rows[0];
  }

  private static void row(BufferedWriter out, BestRoute route, MrtPeer peer) {
    try {
      out.append(route.prefix().toString())
          .append('\t')
          .append(peer.address().toString())
          .append('\t')
          .append(Long.toString(peer.asn()))
          .append('\t')
          .append(route.attributes().asPath().toString())
          .append('\t')
          .append(route.decidedWord())
          .append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
