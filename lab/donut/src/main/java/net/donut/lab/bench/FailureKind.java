package net.donut.lab.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The ways in which the preferred exit is lost in a bench of failover.
///
/// The target is the worst gap in milliseconds that Donut is to have.
public enum FailureKind {
  /// The link loses its carrier.
  FIBRE("the link loses its carrier", 5, 2),
  /// The link keeps its carrier, and no packet arrives: for BFD to notice.
  SILENT("the link keeps its carrier and loses every packet", 200, 2),
  /// The connection of the BGP session is reset, as when the neighbor's process dies; what still
  /// reaches the neighbor counts as lost.
  SESSION("the BGP session is reset and stays down", 50, 2),
  /// The neighbor withdraws its whole table; what still reaches it counts as lost.
  WITHDRAW("the neighbor withdraws its whole table", 100, 2),
  /// The second exit withdraws its whole table, and while it does the link of the first loses its
  /// carrier; what reaches the second after that counts as lost.
  BURST("while the second exit withdraws its whole table, the link loses its carrier", 50, 3),
  /// A second link loses its carrier 50 ms after the first.
  TWO_CUTS("two links lose their carrier, 50 ms apart", 10, 3),
  /// The router's processes are killed, then the link loses its carrier: the kernel is alone.
  NO_DAEMON("all daemons of the router are killed, then the link loses its carrier", 5, 2),
  /// The router's processes are killed and started again: nothing may be lost, and no route need
  /// change.
  RESTART("all daemons of the router are killed and started again", 1, 2),
  /// The same with the process that writes the kernel alone: agent, zebra, bird.
  RESTART_WRITER("the daemon that writes the kernel is killed and started again", 1, 2),
  /// The same with the process that decides alone: controller, bgpd, bird.
  RESTART_DECIDER("the daemon that decides is killed and started again", 1, 2);

  private final String text;
  private final double targetMs;
  private final int feeds;

  FailureKind(String text, double targetMs, int feeds) {
    this.text = text;
    this.targetMs = targetMs;
    this.feeds = feeds;
  }

  /// One line on what happens.
  public String text() {
    return text;
  }

  public double targetMs() {
    return targetMs;
  }

  /// How many neighbors it takes.
  int feeds() {
    return feeds;
  }

  /// The neighbor, by number, that goes on taking packets, which are then no good; -1 for none.
  int staleExit() {
    return switch (this) {
      case SESSION, WITHDRAW -> 0;
      case BURST -> 1;
      case FIBRE, SILENT, TWO_CUTS, NO_DAEMON, RESTART, RESTART_WRITER, RESTART_DECIDER -> -1;
    };
  }

  /// The neighbor, by number, that takes the packets afterwards.
  int exitAfter() {
    return switch (this) {
      case RESTART, RESTART_WRITER, RESTART_DECIDER -> 0;
      default -> feeds - 1;
    };
  }

  /// As on the command line, such as `two-cuts`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Throws IllegalArgumentException that names all kinds.
  public static FailureKind parse(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("--kind: '" + word + "' (expected: " + words() + ")"));
  }

  private static String words() {
    return Arrays.stream(values()).map(FailureKind::word).collect(Collectors.joining(", "));
  }
}
