package net.donut.lab.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.model.Family;

/// When a neighbor first says that it is leaving: the arrival of its first reset, or of a segment
/// with more than a KEEPALIVE, as tcpdump sees it. A neighbor with a full table takes a while from
/// the operator's command to its first word, which is no fault of the router under test.
final class FirstSign implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pattern STAMP = Pattern.compile("(\\d+)\\.(\\d{6}) IP.*");

  private final FeedLink feed;
  private final Process tcpdump;
  private final BufferedReader lines;

  /// Listens on the router's end of a link; when this returns, nothing is missed.
  FirstSign(Namespace router, FeedLink feed) {
    if (!Command.exists("tcpdump")) {
      throw new LabException("needs tcpdump: apt-get install tcpdump, or run ./donut setup");
    }
    this.feed = feed;
    List<String> command =
        new ArrayList<>(List.of("timeout", Long.toString(LIMIT.toSeconds()), "tcpdump"));
    command.addAll(List.of("-i", feed.routerDevice(), "-p", "-Z", "root", "--immediate-mode"));
    command.addAll(List.of("-l", "-n", "-tt", "-s", "128", "-c", "1", filter(feed)));
    try {
      tcpdump = new ProcessBuilder(router.inside(command)).redirectErrorStream(true).start();
      lines = tcpdump.inputReader(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw LabException.of("tcpdump", e);
    }
    await(Pattern.compile("(?:tcpdump: )?listening on .*"));
  }

  private static String filter(FeedLink feed) {
    boolean ipv4 = feed.family() == Family.IPV4;
    String flags = ipv4 ? "tcp[13]" : "ip6[53]";
    int keepalive = ipv4 ? 120 : 140;
    return "src host %s and tcp port 179 and (greater %d or %s & 4 != 0)"
        .formatted(feed.neighbor(), keepalive, flags);
  }

  /// The time of that sign (`System.nanoTime`); waits for it.
  long nanos() {
    Matcher stamp = await(STAMP);
    Instant at =
        Instant.ofEpochSecond(
            Long.parseLong(stamp.group(1)), Long.parseLong(stamp.group(2)) * 1000);
    return System.nanoTime() - Duration.between(at, Instant.now()).toNanos();
  }

  private Matcher await(Pattern pattern) {
    List<String> others = new ArrayList<>();
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.matches()) {
          return matcher;
        }
        others.add(line);
      }
    } catch (IOException e) {
      throw LabException.of("tcpdump", e);
    }
    throw new LabException(
        "%s said nothing within %d s: tcpdump: %s"
            .formatted(feed.name(), LIMIT.toSeconds(), others));
  }

  @Override
  public void close() {
    Pause.undisturbed(() -> {
      tcpdump.destroy();
      tcpdump.onExit().join();
    });
  }
}
