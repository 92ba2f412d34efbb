package net.donut.lab.net;

import org.jspecify.annotations.Nullable;

/// How frames go from one end of a wire to the other.
///
/// @param lostFromA percent of what the first end sends that is lost on the way
/// @param lostFromB percent of what the second end sends
record Carriage(double lostFromA, double lostFromB, Way way) {
  /// What lies between the ends.
  enum Way {
    DIRECT,
    /// A program that lets time pass.
    RELAYED
  }

  /// A wire as it is made.
  static final Carriage WHOLE = new Carriage(0, 0, Way.DIRECT);

  /// What a cut and an impairment together make of a wire.
  static Carriage of(@Nullable Emulation emulation, @Nullable Cut cut) {
    double lost = 0;
    Way way = Way.DIRECT;
    if (emulation instanceof Emulation.Parts parts) {
      lost = parts.asked().lossPercent();
      way = parts.isRelayed() ? Way.RELAYED : Way.DIRECT;
    }
    return switch (cut) {
      case Cut.Plain.SILENT -> new Carriage(100, 100, way);
      case Cut.Plain.ONE_WAY -> new Carriage(100, lost, way);
      case Cut.BrownOut(double more) -> new Carriage(both(lost, more), both(lost, more), way);
      case null -> new Carriage(lost, lost, way);
      case Cut.Plain.FIBRE, Cut.Plain.ADMIN_DOWN -> new Carriage(lost, lost, way);
      case Cut.Flap _ -> new Carriage(lost, lost, way);
      case Cut.OfNode _ -> new Carriage(lost, lost, way);
    };
  }

  /// Of two losses one after the other.
  private static double both(double first, double second) {
    return 100 - (100 - first) * (100 - second) / 100;
  }
}
