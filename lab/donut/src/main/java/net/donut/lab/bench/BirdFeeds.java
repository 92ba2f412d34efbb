package net.donut.lab.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.net.ProcessPriority;
import net.donut.lab.table.RoutingTable.Announcement;
import net.donut.model.Family;
import net.donut.netlink.NetworkNamespace;

/// The neighbors of the router under test: a BIRD a feed, full before any router starts, so that
/// every router under test meets the same warm neighbors.
///
/// Owned by the thread that runs the bench.
final class BirdFeeds implements AutoCloseable {
  private static final Duration FILL_LIMIT = Duration.ofMinutes(5);
  private static final Pattern COUNT = Pattern.compile("(\\d+) of (\\d+) routes");

  private final FeedNetwork network;
  private final List<FeedLink> feeds;
  private final Path directory;
  private final BenchPrograms children;
  private final NetworkNamespace inside;
  private final TableSource source;
  private final Map<FeedLink, ProcessId> processes = new LinkedHashMap<>();

  /// Starts the feeds and fills them; returns when each has `routes` routes.
  BirdFeeds(
      FeedNetwork network,
      BenchPrograms children,
      Path directory,
      List<FeedLink> feeds,
      Function<FeedLink, List<Announcement>> table,
      long routes) {
    this.network = network;
    this.feeds = feeds;
    this.directory = directory;
    this.children = children;
    for (FeedLink feed : feeds) {
      Path configuration = directory.resolve(feed.name() + ".conf");
      Configurations.write(configuration, render(feed));
      processes.put(
          feed,
          children.start(
              feed.name(),
              network.of(feed),
              List.of(
                  BirdUnderTest.program(),
                  "-f",
                  "-c",
                  configuration.toString(),
                  "-s",
                  socket(feed).toString()),
              Map.of(),
              feed.bfd() ? ProcessPriority.BEHIND_BUT_BFD : ProcessPriority.BEHIND));
    }
    Map<FeedLink, List<Announcement>> tables = new LinkedHashMap<>();
    feeds.forEach(feed -> tables.put(feed, table.apply(feed)));
    inside = NetworkNamespace.open(network.source().name());
    source = new TableSource(inside, tables);
    awaitFull(routes);
  }

  private void awaitFull(long routes) {
    long deadline = System.nanoTime() + FILL_LIMIT.toNanos();
    while (feeds.stream().anyMatch(feed -> count(feed) < routes)) {
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "feeds: %s routes after %d s (expected: %d each), see %s"
                .formatted(
                    feeds.stream().map(this::count).toList(),
                    FILL_LIMIT.toSeconds(),
                    routes,
                    directory));
      }
      for (FeedLink feed : feeds) {
        if (!children.isAlive(feed.name())) {
          throw new LabException(feed.name() + " has ended: see " + children.log(feed.name()));
        }
      }
      source.kick();
      Pause.of(Duration.ofMillis(500));
    }
  }

  /// How many routes a feed holds; 0 while it does not answer.
  long count(FeedLink feed) {
    String question =
        "show route table " + (feed.family() == Family.IPV4 ? "master4" : "master6") + " count";
    try {
      Matcher matcher = COUNT.matcher(control(feed, question));
      return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    } catch (LabException e) {
      return 0; // it has not opened its socket yet
    }
  }

  List<ProcessId> processes() {
    return List.copyOf(processes.values());
  }

  private Path socket(FeedLink feed) {
    return directory.resolve(feed.name() + ".ctl");
  }

  /// Resets the connection of the session with the router under test, as when the process dies, and
  /// keeps the session down; or lets it come up again.
  void session(FeedLink feed, boolean up) {
    if (!up) {
      network.of(feed).run("ss", "-K", "dst", feed.router().toString());
    }
    control(feed, (up ? "enable" : "disable") + " to_router");
  }

  /// Announces the whole table to the router under test, or withdraws it; the session stays.
  void announce(FeedLink feed, boolean all) {
    control(feed, (all ? "enable" : "disable") + " to_announced");
  }

  /// Whether session and BFD, if it is used, with the router under test are up.
  boolean isUp(FeedLink feed) {
    return control(feed, "show protocols to_router").contains("Established")
        && (!feed.bfd() || control(feed, "show bfd sessions").matches("(?s).*\\sUp\\s.*"));
  }

  private String control(FeedLink feed, String command) {
    return BirdControl.ask(socket(feed), command);
  }

  /// BIRD removes MED towards other networks unless a filter sets it. What a preferred feed
  /// announces is in a table of its own, so that all of it can be withdrawn and announced again
  /// without hearing it again.
  private static String render(FeedLink feed) {
    String channel = feed.family() == Family.IPV4 ? "ipv4" : "ipv6";
    return """
    log stderr { warning, error, auth, fatal, bug };
    router id %s;
    protocol device { scan time 1; }
    %s%s
    protocol bgp to_source {
      local %s as %d;
      neighbor %s as %d;
      direct; passive; hold time 240;
      %s { import all; export none; gateway direct; };
    }
    protocol bgp to_router {
      local %s as %d;
      neighbor %s as %d;
      direct; passive; hold time 240;
      error wait time 1, 1; error forget time 1;%s
      %s {
        %simport none;
        export filter { if defined(bgp_med) then bgp_med = bgp_med + 0; accept; };
        next hop self;
      };
    }
    """
        .formatted(
            feed.fed(Family.IPV4),
            BirdUnderTest.bfd(List.of(feed)),
            feed.preference() == 0 ? "" : announced(channel),
            feed.fed(Family.IPV4),
            feed.asn(),
            feed.source(Family.IPV4),
            feed.asn(),
            channel,
            feed.neighbor(),
            feed.asn(),
            feed.router(),
            FeedLink.ROUTER_AS,
            feed.bfd() ? " bfd on;" : "",
            channel,
            feed.preference() == 0 ? "" : "table announced; ");
  }

  private static String announced(String channel) {
    return """
    %s table announced;
    protocol pipe to_announced {
      table master%s; peer table announced;
      import none; export all;
    }
    """
        .formatted(channel, channel.substring(3));
  }

  @Override
  public void close() {
    source.close();
    inside.close();
  }
}
