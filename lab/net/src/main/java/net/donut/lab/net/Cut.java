package net.donut.lab.net;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A way in which a part of a lab fails until it is restored. The text of one is its kind with its
/// measures, such as `brown-out 5 %`.
public sealed interface Cut {

  /// The word of the command line, such as `one-way`.
  String kind();

  /// The cut of a kind that has no measures. Throws IllegalArgumentException that names all kinds.
  static Cut parse(String kind) {
    List<Cut> all = new ArrayList<>(List.of(Plain.values()));
    all.addAll(List.of(OfNode.values()));
    return all.stream()
        .filter(cut -> cut.kind().equals(kind))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "kind: '%s' (expected: %s, %s, %s)"
                    .formatted(
                        kind,
                        all.stream().map(Cut::kind).collect(Collectors.joining(", ")),
                        BrownOut.KIND,
                        Flap.KIND)));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// How a link fails.
  sealed interface OfLink extends Cut {}

  /// A failure of a link that has no measure.
  enum Plain implements OfLink {
    /// Carrier goes at both ends.
    FIBRE,
    /// Both ends keep their carrier, and nothing arrives: a provider's switch between them has
    /// failed.
    SILENT,
    /// What the first end sends is lost, what the second sends arrives; carrier stays.
    ONE_WAY,
    /// The second end's node sets its interface down: only that node knows. Where the second end is
    /// a router of ours and the first is not, it is the first that does.
    ADMIN_DOWN;

    @Override
    public String kind() {
      return word(this);
    }

    @Override
    public String toString() {
      return kind();
    }
  }

  /// Some packets are lost each way, at random; carrier stays.
  ///
  /// @param lossPercent above 0, at most 100
  record BrownOut(double lossPercent) implements OfLink {
    public static final String KIND = "brown-out";

    public BrownOut {
      if (!(lossPercent > 0 && lossPercent <= 100)) {
        throw new IllegalArgumentException(
            "loss: " + lossPercent + " (expected: above 0, at most 100 percent)");
      }
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return KIND
          + " "
          + BigDecimal.valueOf(lossPercent).stripTrailingZeros().toPlainString()
          + " %";
    }
  }

  /// Carrier goes and comes so many times, away for one half of each period, and then stays.
  record Flap(int count, Duration period) implements OfLink {
    public static final String KIND = "flap";

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofHours(1);

    public Flap {
      if (count < 1) {
        throw new IllegalArgumentException("count: " + count + " (expected: 1 or more)");
      }
      if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "period: " + period.toMillis() + "ms (expected: 10ms to 3600s)");
      }
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return KIND + " " + count + " x " + period.toMillis() + " ms";
    }
  }

  /// How a node fails.
  enum OfNode implements Cut {
    /// Every process of the node is killed, and its links lose their carrier.
    NODE_KILL,
    /// Every process of the node stands still; its kernel forwards on.
    NODE_FREEZE;

    @Override
    public String kind() {
      return word(this);
    }

    @Override
    public String toString() {
      return kind();
    }
  }
}
