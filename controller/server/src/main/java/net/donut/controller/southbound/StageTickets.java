package net.donut.controller.southbound;

/// The numbers by which the RIB thread lets the later stages of a generation go: they grow with the
/// generation, then with the stage. Stage 0 needs none.
public record StageTickets(long generation) {
  private static final int STAGES = 64;

  public long of(int stage) {
    return stage == 0 ? 0 : generation * STAGES + Math.min(stage, STAGES - 1);
  }
}
