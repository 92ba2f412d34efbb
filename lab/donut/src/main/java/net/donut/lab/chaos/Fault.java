package net.donut.lab.chaos;

import java.util.List;
import java.util.stream.Stream;
import net.donut.lab.net.Cut;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.Topology;
import net.donut.model.Prefix;

/// Something that goes wrong and can be put right again. Its text is one word and its operands,
/// such as `cut edge1-tier1a silent`.
public sealed interface Fault {

  /// What it is done to; one storm does only one fault to a target.
  String target();

  /// A program of ours ends as by signal 9.
  record Kill(String program) implements Fault {
    @Override
    public String target() {
      return program;
    }

    @Override
    public String toString() {
      return "kill " + program;
    }
  }

  /// A program of ours stands still (SIGSTOP).
  record Freeze(String program) implements Fault {
    @Override
    public String target() {
      return program;
    }

    @Override
    public String toString() {
      return "freeze " + program;
    }
  }

  /// The agent of a router and the controller do not hear each other.
  record Partition(String router) implements Fault {
    @Override
    public String target() {
      return router + " management";
    }

    @Override
    public String toString() {
      return "partition " + router;
    }
  }

  /// The management connections of a program of ours end, and those at their other ends hear
  /// nothing of it: half-open connections (RFC 9293 §3.5.1).
  record HalfOpen(String program) implements Fault {
    @Override
    public String target() {
      return program + " connections";
    }

    @Override
    public String toString() {
      return "half-open " + program;
    }
  }

  /// A link is cut.
  record CutLink(String link, Cut.Plain how) implements Fault {
    @Override
    public String target() {
      return link;
    }

    @Override
    public String toString() {
      return "cut " + link + " " + how.kind();
    }
  }

  /// The BGP speaker of a neighbor ends as by signal 9.
  record Restart(String neighbor) implements Fault {
    @Override
    public String target() {
      return neighbor;
    }

    @Override
    public String toString() {
      return "restart " + neighbor;
    }
  }

  /// The sessions of a neighbor with us are broken off by a TCP reset; its speaker lives.
  record Reset(String neighbor) implements Fault {
    @Override
    public String target() {
      return neighbor;
    }

    @Override
    public String toString() {
      return "reset " + neighbor;
    }
  }

  /// Somebody deletes a route of ours by hand.
  record LoseRoute(String router, Prefix prefix) implements Fault {
    @Override
    public String target() {
      return router + " " + prefix;
    }

    @Override
    public String toString() {
      return "lose-route " + router + " " + prefix;
    }
  }

  /// Somebody deletes the next-hop group of a route by hand; the kernel deletes every route that
  /// uses it.
  record LoseGroup(String router, Prefix prefix) implements Fault {
    @Override
    public String target() {
      return router + " " + prefix;
    }

    @Override
    public String toString() {
      return "lose-group " + router + " " + prefix;
    }
  }

  /// An agent cannot write to a file, as with a full disk.
  record FullDisk(String router) implements Fault {
    @Override
    public String target() {
      return router + " disk";
    }

    @Override
    public String toString() {
      return "full-disk " + router;
    }
  }

  /// An operator sends a prefix by one neighbor for [#SECONDS]. It ends by itself, whoever is dead
  /// then.
  record Detour(String neighbor, Prefix prefix) implements Fault {
    static final int SECONDS = 4;

    @Override
    public String target() {
      return "override " + prefix;
    }

    @Override
    public String toString() {
      return "override " + neighbor + " " + prefix;
    }
  }

  /// Somebody puts in a better route that discards. Nothing of ours may heal that, so it breaks an
  /// invariant: it is never drawn, and proves that the checks see.
  record Blackhole(String router, Prefix prefix) implements Fault {
    @Override
    public String target() {
      return router + " " + prefix;
    }

    @Override
    public String toString() {
      return "blackhole " + router + " " + prefix;
    }
  }

  /// Whether exits may be lost until the control plane has healed it.
  default boolean takesExits() {
    return switch (this) {
      case CutLink _, Restart _, Reset _, LoseRoute _, LoseGroup _ -> true;
      case Kill _, Freeze _, Partition _, HalfOpen _, FullDisk _, Detour _, Blackhole _ -> false;
    };
  }

  /// Whether the control plane cannot heal while it lasts.
  default boolean stopsPrograms() {
    return switch (this) {
      case Kill _, Freeze _, Partition _, HalfOpen _ -> true;
      case CutLink _,
          Restart _,
          Reset _,
          LoseRoute _,
          LoseGroup _,
          FullDisk _,
          Detour _,
          Blackhole _ ->
          false;
    };
  }

  /// Whether it is done to a link or to a neighbor at its end.
  default boolean touches(LabLink link) {
    return switch (this) {
      case CutLink(var name, _) -> link.name().equals(name);
      case Restart(var neighbor) -> link.touches(neighbor);
      case Reset(var neighbor) -> link.touches(neighbor);
      case Kill _,
          Freeze _,
          Partition _,
          HalfOpen _,
          LoseRoute _,
          LoseGroup _,
          FullDisk _,
          Detour _,
          Blackhole _ ->
          false;
    };
  }

  /// The prefixes whose routes it touches by hand.
  default Stream<Prefix> prefixes() {
    return switch (this) {
      case LoseRoute(_, var prefix) -> Stream.of(prefix);
      case LoseGroup(_, var prefix) -> Stream.of(prefix);
      case Detour(_, var prefix) -> Stream.of(prefix);
      case Blackhole(_, var prefix) -> Stream.of(prefix);
      case Kill _, Freeze _, Partition _, HalfOpen _, CutLink _, Restart _, Reset _, FullDisk _ ->
          Stream.empty();
    };
  }

  /// Reads what `toString` writes. Throws IllegalArgumentException that says what was expected.
  static Fault parse(List<String> words, Topology topology) {
    String operand = words.size() > 1 ? words.get(1) : "";
    String second = words.size() > 2 ? words.get(2) : "";
    return switch (words.getFirst()) {
      case "kill" -> new Kill(program(operand, topology));
      case "freeze" -> new Freeze(program(operand, topology));
      case "partition" -> new Partition(router(operand, topology));
      case "half-open" -> new HalfOpen(program(operand, topology));
      case "cut" -> new CutLink(topology.link(operand).name(), cut(second));
      case "restart" -> new Restart(topology.network(operand).name());
      case "reset" -> new Reset(Targets.oneOf("neighbor", operand, Targets.neighbors(topology)));
      case "lose-route" -> new LoseRoute(router(operand, topology), Prefix.parse(second));
      case "lose-group" -> new LoseGroup(router(operand, topology), Prefix.parse(second));
      case "full-disk" -> new FullDisk(router(operand, topology));
      case "override" ->
          new Detour(
              Targets.oneOf("neighbor", operand, Targets.neighbors(topology)),
              Prefix.parse(second));
      case "blackhole" -> new Blackhole(router(operand, topology), Prefix.parse(second));
      default ->
          throw new IllegalArgumentException(
              "fault: '"
                  + words.getFirst()
                  + "' (expected: kill, freeze, partition, half-open, cut, restart, reset,"
                  + " lose-route, lose-group, full-disk, override or blackhole)");
    };
  }

  private static Cut.Plain cut(String kind) {
    List<Cut.Plain> cuts = List.of(Cut.Plain.values());
    return cuts.stream()
        .filter(each -> each.kind().equals(kind))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("kind: '" + kind + "' (expected one of: " + cuts + ")"));
  }

  private static String program(String name, Topology topology) {
    return Targets.oneOf("program", name, Targets.programs(topology));
  }

  private static String router(String name, Topology topology) {
    return Targets.oneOf("router", name, Targets.routers(topology));
  }
}
