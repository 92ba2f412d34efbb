package net.donut.agent.fib;

/// How a gateway failed while its link stayed up; the worse last.
public enum Failure {
  /// It withdraws many routes at once, so that those it still announces may be void: it carries
  /// traffic where nothing else is left.
  WITHDRAWING("it withdraws many routes"),
  /// Every session that announced it ended. The wire may still work: the gateway carries traffic
  /// where nothing else is left.
  SESSION_ENDED("its session ended"),
  /// Packets do not reach it (BFD): as if its link were down.
  UNREACHABLE("packets do not reach it");

  private final String text;

  Failure(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
