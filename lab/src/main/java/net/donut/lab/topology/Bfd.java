package net.donut.lab.topology;

/// How neighbors of the demo's network and our routers watch each other: the same both ways.
public record Bfd(int intervalMillis, int multiplier) {
  /// A silent link is found dead after 150 ms.
  public static final Bfd WITH_OUR_ROUTERS = new Bfd(50, 3);
}
