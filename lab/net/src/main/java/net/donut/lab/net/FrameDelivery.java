package net.donut.lab.net;

import org.jspecify.annotations.Nullable;

/// How frames go from one end of a wire to the other.
///
/// @param lostFromA percent of what the first end sends that is lost on the way
/// @param lostFromB percent of what the second end sends
record FrameDelivery(double lostFromA, double lostFromB, Route way) {
  /// What lies between the ends.
  enum Route {
    DIRECT,
    /// A program that lets time pass.
    RELAYED
  }

  /// A wire as it is made.
  static final FrameDelivery WHOLE = new FrameDelivery(0, 0, Route.DIRECT);

  /// What a cut and an impairment together make of a wire.
  static FrameDelivery of(@Nullable Emulation emulation, @Nullable Cut cut) {
    double lost = 0;
    Route way = Route.DIRECT;
    if (emulation instanceof Emulation.Parts parts) {
      lost = parts.asked().lossPercent();
      way = parts.isRelayed() ? Route.RELAYED : Route.DIRECT;
    }
    return switch (cut) {
      case Cut.Plain.SILENT -> new FrameDelivery(100, 100, way);
      case Cut.Plain.ONE_WAY -> new FrameDelivery(100, lost, way);
      case Cut.BrownOut(double more) -> new FrameDelivery(both(lost, more), both(lost, more), way);
      case null -> new FrameDelivery(lost, lost, way);
      case Cut.Plain.FIBRE, Cut.Plain.ADMIN_DOWN -> new FrameDelivery(lost, lost, way);
      case Cut.Flap _ -> new FrameDelivery(lost, lost, way);
      case Cut.OfNode _ -> new FrameDelivery(lost, lost, way);
    };
  }

  /// Of two losses one after the other.
  private static double both(double first, double second) {
    return 100 - (100 - first) * (100 - second) / 100;
  }
}
