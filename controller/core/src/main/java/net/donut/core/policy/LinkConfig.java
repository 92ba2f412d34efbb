package net.donut.core.policy;

/// A link between two of our routers; `cost` 1..65535 a direction.
public record LinkConfig(String name, int cost, LinkEnd a, LinkEnd b) {
  public LinkConfig {
    PolicyChecks.name("link", name);
    PolicyChecks.range("link " + name + ": cost", cost, 1, 65535);
    if (a.router().equals(b.router())) {
      throw new IllegalArgumentException(
          "link " + name + ": both ends at " + a.router() + " (expected: two routers)");
    }
  }
}
