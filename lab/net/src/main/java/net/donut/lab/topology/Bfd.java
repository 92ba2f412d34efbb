package net.donut.lab.topology;

/// How neighbors and our routers, or routers under test, watch each other: the same both ways.
public record Bfd(int intervalMillis, int multiplier) {
  /// A silent link is found dead after 150 ms.
  public static final Bfd WITH_OUR_ROUTERS = new Bfd(50, 3);

  /// The mapping of a policy file.
  public String policy() {
    return "bfd: {interval: %dms, multiplier: %d}".formatted(intervalMillis, multiplier);
  }
}
