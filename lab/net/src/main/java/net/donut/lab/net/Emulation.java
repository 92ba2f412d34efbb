package net.donut.lab.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// By what means a link is impaired.
public sealed interface Emulation {
  Impairment asked();

  /// The means by their names, such as `relay, bpf, tbf`.
  String means();

  /// The kernel's network emulator does all of it.
  record Netem(Impairment asked) implements Emulation {
    static final String MEANS = "netem";

    @Override
    public String means() {
      return MEANS;
    }
  }

  /// Without netem: a relay outside the kernel for delay and jitter, a BPF program for loss, a
  /// token bucket for the rate.
  record Parts(Impairment asked) implements Emulation {
    private static final List<ImpairmentKind> BEYOND =
        List.of(ImpairmentKind.DUPLICATE, ImpairmentKind.CORRUPT, ImpairmentKind.REORDER);

    /// Throws LabException that names what only netem can do.
    public Parts {
      Map<ImpairmentKind, String> texts = asked.texts();
      BEYOND.stream()
          .filter(texts::containsKey)
          .findFirst()
          .ifPresent(measure -> {
            throw new LabException(
                "%s: needs netem, which this kernel has not (expected: a kernel with sch_netem, or"
                        .formatted(measure.word())
                    + " delay, jitter, loss and rate only)");
          });
    }

    @Override
    public String means() {
      List<String> means = new ArrayList<>();
      if (isRelayed()) {
        means.add("relay");
      }
      if (asked.lossPercent() > 0) {
        means.add("bpf");
      }
      if (asked.rateBits() > 0) {
        means.add("tbf");
      }
      return String.join(", ", means);
    }

    boolean isRelayed() {
      return !asked.delay().isZero();
    }
  }

  /// The best means that a machine has. Throws LabException that names what is missing.
  static Emulation of(Impairment asked, Namespace wires) {
    return hasNetem(wires) ? new Netem(asked) : new Parts(asked);
  }

  /// Tries it on the loopback of a namespace in which nobody speaks.
  private static boolean hasNetem(Namespace wires) {
    List<String> tc = List.of("tc", "-n", wires.name(), "qdisc");
    boolean has = Command.tryRun(words(tc, "add dev lo root netem delay 1ms"), "").exitCode() == 0;
    if (has) {
      Command.run(words(tc, "del dev lo root"), "");
    }
    return has;
  }

  private static List<String> words(List<String> first, String rest) {
    return Stream.concat(first.stream(), Stream.of(rest.split(" "))).toList();
  }

  /// The lines for `tc` at the ends of a wire that limit the rate or do all of it.
  default List<String> disciplines(LabWire wire) {
    return switch (this) {
      case Netem(Impairment asked) -> both(wire, netem(asked));
      case Parts(Impairment asked) ->
          asked.rateBits() == 0 ? List.of() : both(wire, tbf(asked.rateBits()));
    };
  }

  private static List<String> both(LabWire wire, String discipline) {
    return Stream.of(wire.a(), wire.b())
        .map(end -> "qdisc replace dev " + end + " root " + discipline)
        .toList();
  }

  /// Takes away what [#disciplines] made.
  default List<String> noDisciplines(LabWire wire) {
    return disciplines(wire).isEmpty()
        ? List.of()
        : Stream.of(wire.a(), wire.b()).map(end -> "qdisc del dev " + end + " root").toList();
  }

  private static String netem(Impairment asked) {
    StringBuilder line = new StringBuilder("netem limit 10000");
    if (!asked.delay().isZero()) {
      line.append(" delay ").append(microseconds(asked.delay()));
      if (!asked.jitter().isZero()) {
        line.append(' ').append(microseconds(asked.jitter()));
      }
    }
    asked.texts().entrySet().stream()
        .filter(
            text -> text.getKey() != ImpairmentKind.DELAY && text.getKey() != ImpairmentKind.JITTER)
        .forEach(text ->
            line.append(' ').append(text.getKey().word()).append(' ').append(text.getValue()));
    return line.toString();
  }

  private static String microseconds(Duration time) {
    return time.toNanos() / 1000 + "us";
  }

  /// The bucket holds a packet of the largest size, and what may go between two ticks of a slow
  /// clock; what waits longer than 50 ms is lost.
  private static String tbf(long rateBits) {
    long burst = Math.max(16_000, rateBits / 8 / 250);
    return "tbf rate %dbit burst %d latency 50ms".formatted(rateBits, burst);
  }
}
