package net.donut.controller.northbound;

import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.InspectFibRequest;
import net.donut.api.operator.v1.ExplainCandidate;
import net.donut.api.operator.v1.ExplainExit;
import net.donut.api.operator.v1.ExplainResponse;
import net.donut.api.operator.v1.ExplainStep;
import net.donut.controller.rib.ControllerRib;
import net.donut.controller.rib.ControllerRibThread;
import net.donut.controller.rib.Views;
import net.donut.controller.southbound.AgentDriver;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.PathView;
import net.donut.core.change.Hop;
import net.donut.core.change.NumberedHop;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// Answers why an address goes where it goes: the decision of the controller beside what each
/// kernel has.
final class Explainer {
  private static final long KERNEL_SECONDS = 3;

  private final ControllerRibThread rib;

  Explainer(ControllerRibThread rib) {
    this.rib = rib;
  }

  private record Part(Explanation explanation, AgentDriver driver, Set<String> downInterfaces) {}

  /// What a kernel has.
  ///
  /// @param entries those of the chain by prefix
  /// @param lookup what it does with a packet to the address; empty when the agent does not say
  /// @param found the route that does it; null when there is none, or the agent does not say
  private record Kernel(Map<String, FibEntry> entries, String lookup, @Nullable FibEntry found) {
    static final Kernel SILENT = new Kernel(Map.of(), "", null);

    /// The route of another program that takes the packets, null when none does.
    @Nullable FibEntry foreign() {
      return found == null || found.getOwner().equals("donut") ? null : found;
    }
  }

  /// What one router was found to do with the address.
  private record Traced(Part part, List<ExplainStep> steps, Kernel kernel) {
    String router() {
      return part.explanation().router();
    }

    /// The step that forwards the address here, null when none does.
    @Nullable ExplainStep selected() {
      return steps.stream()
          .filter(step -> step.getSelected() && step.getExitsCount() > 0)
          .findFirst()
          .orElse(null);
    }

    /// What the kernel does with packets instead of what was decided; empty when it does that.
    String astray() {
      FibEntry foreign = kernel.foreign();
      if (foreign != null) {
        return "it " + byForeign(foreign, selected());
      }
      ExplainStep step = selected();
      return step != null && isElsewhere(step, kernel.lookup())
          ? elsewhere(step, kernel.lookup())
          : "";
    }
  }

  /// @param overrides of prefixes that hold the address, a sentence each
  private record Findings(List<Part> parts, List<String> overrides) {}

  ExplainResponse explain(IpAddress address, String routerOrEmpty) {
    Findings found =
        rib.ask(state ->
            new Findings(
                parts(state, address, routerOrEmpty),
                OverrideQuestions.warnings(state, prefix -> prefix.contains(address))));
    ExplainResponse.Builder answer = ExplainResponse.newBuilder().setAddress(address.toString());
    List<Traced> traced = new ArrayList<>();
    for (Part part : found.parts()) {
      Kernel kernel = kernel(part);
      List<ExplainStep> steps = new ArrayList<>();
      for (Explanation.Covering covering : part.explanation().chain()) {
        steps.add(step(part, covering, kernel == null ? null : kernel.entries()));
      }
      answer.addAllSteps(steps.stream().map(step -> withForeign(step, kernel)).toList());
      traced.add(new Traced(part, steps, kernel == null ? Kernel.SILENT : kernel));
    }
    for (Traced one : traced) {
      answer.addSummary(summary(one) + onward(one, traced));
    }
    return answer.addAllSummary(found.overrides()).build();
  }

  private static List<Part> parts(ControllerRib state, IpAddress address, String routerOrEmpty) {
    List<Part> parts = new ArrayList<>();
    for (String router : state.routers()) {
      AgentDriver driver = state.driver(router);
      if (driver != null && (routerOrEmpty.isEmpty() || routerOrEmpty.equals(router))) {
        Explanation explanation = state.engine().explain(address, router);
        parts.add(new Part(explanation, driver, downInterfaces(state, explanation)));
      }
    }
    if (parts.isEmpty()) {
      throw OperatorFailures.unknown("router", routerOrEmpty, state.routers());
    }
    return parts;
  }

  private static Set<String> downInterfaces(ControllerRib state, Explanation explanation) {
    Set<String> down = new HashSet<>();
    for (Explanation.Covering covering : explanation.chain()) {
      for (NumberedHop hop : covering.hops()) {
        String name = interfaceOf(hop.hop());
        if (!name.isEmpty() && !Views.isLinkUp(state, explanation.router(), name)) {
          down.add(name);
        }
      }
    }
    return down;
  }

  private static String interfaceOf(Hop hop) {
    return switch (hop) {
      case Hop.Local local -> local.interfaceName();
      case Hop.Via via -> via.interfaceName();
      case Hop.Discard() -> "";
    };
  }

  /// What the kernel has for the chain, or null when the agent does not answer.
  private static @Nullable Kernel kernel(Part part) {
    List<Explanation.Covering> chain = part.explanation().chain();
    IpAddress address = part.explanation().address();
    Prefix longest =
        chain.isEmpty()
            ? new Prefix(address.family(), address.high(), address.low(), address.family().bits())
            : chain.getFirst().prefix();
    Map<String, FibEntry> entries = new HashMap<>();
    InspectFibRequest query =
        InspectFibRequest.newBuilder()
            .setAddressOrPrefix(longest.toString())
            .setLookup(address.toString())
            .build();
    StringBuilder lookup = new StringBuilder();
    List<FibEntry> found = new ArrayList<>();
    try {
      FibQuestions.ask(
          part.driver(),
          query,
          KERNEL_SECONDS,
          response -> {
            response.getEntriesList().forEach(entry -> put(entries, entry));
            lookup.append(response.getLookup());
            if (response.hasLookupRoute()) {
              found.add(response.getLookupRoute());
            }
          });
    } catch (StatusRuntimeException e) {
      return null;
    }
    return new Kernel(entries, lookup.toString(), found.isEmpty() ? null : found.getFirst());
  }

  /// A route of ours says more than one of another program of the same prefix beside it.
  private static void put(Map<String, FibEntry> entries, FibEntry entry) {
    FibEntry before = entries.get(entry.getPrefix());
    if (before == null || !before.getIntended()) {
      entries.put(entry.getPrefix(), entry);
    }
  }

  private static ExplainStep step(
      Part part, Explanation.Covering covering, @Nullable Map<String, FibEntry> kernel) {
    ExplainStep.Builder step =
        ExplainStep.newBuilder()
            .setPrefix(covering.prefix().toString())
            .setRouter(part.explanation().router())
            .setSelected(covering.selection() == Explanation.Selection.SELECTED)
            .setClassId(covering.classId());
    covering.paths().forEach(path -> step.addCandidates(candidate(path)));
    FibEntry entry = kernel == null ? null : kernel.get(covering.prefix().toString());
    KernelHops hops = KernelHops.of(entry);
    for (int i = 0; i < covering.hops().size(); i++) {
      NumberedHop hop = covering.hops().get(i);
      step.addExits(
          exit(part, hop.hop(), covering.carriers().get(i)).toBuilder()
              .setCarries(hops.carries(hop.index()))
              .setObstacle(hops.obstacle(hop.index())));
    }
    for (Explanation.ExcludedBackup excluded : covering.excluded()) {
      step.addExcludedBackups(excluded.neighbor() + ": " + excluded.reason());
    }
    if (entry != null) {
      step.setKernelEntry(entry);
    }
    return step.setKernel(kernelWord(covering, kernel, entry)).build();
  }

  private static String kernelWord(
      Explanation.Covering covering,
      @Nullable Map<String, FibEntry> kernel,
      @Nullable FibEntry entry) {
    if (kernel == null) {
      return "unknown";
    }
    if (entry == null) {
      return covering.group() == 0 ? "none" : "missing";
    }
    return entry.getStatus().isEmpty()
        ? entry.getInKernel() ? "installed" : "missing"
        : entry.getStatus();
  }

  private static ExplainCandidate candidate(PathView path) {
    String verdict =
        path.rejected() != null
            ? "rejected"
            : path.liveness() == PathView.Liveness.USABLE ? "accepted" : "not-eligible";
    String reason =
        path.rejected() != null
            ? path.refusal()
            : switch (path.liveness()) {
              case USABLE -> "";
              case STALE -> "session down";
              case INTERFACE_DOWN -> "link down";
              case SILENT -> "next hop does not answer ARP or ND";
              case UNREACHABLE -> "no internal link to " + path.router();
            };
    return ExplainCandidate.newBuilder()
        .setPath(OperatorAnswers.path(path))
        .setVerdict(verdict)
        .setReason(reason)
        .build();
  }

  /// A hop with who takes a packet that goes by it now. Behind another router of ours that is the
  /// exit which that one uses.
  private static ExplainExit exit(Part part, Hop hop, Explanation.Carrier carrier) {
    ExplainExit.Builder exit = ExplainExit.newBuilder();
    String router = part.explanation().router();
    if (carrier.neighbor() != null && carrier.relation() != null && carrier.router() != null) {
      exit.setNeighbor(carrier.neighbor())
          .setRouter(carrier.router())
          .setRelation(carrier.relation().word());
    }
    String interfaceName = interfaceOf(hop);
    exit.setInterface(interfaceName).setLinkUp(!part.downInterfaces().contains(interfaceName));
    switch (hop) {
      case Hop.Local local -> exit.setNextHop(local.gateway().toString()).setRouter(router);
      case Hop.Via via -> exit.setNextHop(via.gateway().toString()).setViaRouter(via.router());
      case Hop.Discard() -> exit.setRouter(router).setRelation("own");
    }
    return exit.build();
  }

  private static String where(ExplainExit exit) {
    if (exit.getNextHop().isEmpty()) {
      return "is discarded: our own network, and nothing more specific is known";
    }
    String via = exit.getViaRouter().isEmpty() ? "" : " via " + exit.getViaRouter();
    return exit.getNeighbor().isEmpty()
        ? "goes" + via + ", where nothing takes it"
        : "goes to %s (%s)%s".formatted(exit.getNeighbor(), exit.getRelation(), via);
  }

  /// What a router of ours further on does with the packets instead of what was decided; empty when
  /// each does that, as far as their kernels say.
  private static String onward(Traced from, List<Traced> traced) {
    Traced at = from;
    for (int hops = 0; hops < traced.size(); hops++) {
      ExplainStep step = at.selected();
      if (step == null || !at.astray().isEmpty()) {
        return "";
      }
      String next = inUse(step).getViaRouter();
      Traced there =
          traced.stream().filter(one -> one.router().equals(next)).findFirst().orElse(null);
      if (there == null) {
        return "";
      }
      if (!there.astray().isEmpty()) {
        return "; but at " + next + " " + there.astray();
      }
      at = there;
    }
    return "";
  }

  /// The exit by which the kernel sends packets now, as far as it says; else the first.
  private static ExplainExit inUse(ExplainStep step) {
    return step.getExitsList().stream()
        .filter(ExplainExit::getCarries)
        .findFirst()
        .orElse(step.getExits(0));
  }

  /// Why packets do not go by the exit that the controller put first.
  private static String notBy(ExplainStep step, ExplainExit used) {
    ExplainExit first = step.getExits(0);
    return used.equals(first)
        ? ""
        : ", not by %s: %s"
            .formatted(
                first.getNeighbor(),
                first.getObstacle().isEmpty() ? "the kernel has moved it" : first.getObstacle());
  }

  /// Whether packets do not go where the controller wants them: the kernel's entry says so, or a
  /// lookup finds a route of another program.
  private static boolean isElsewhere(ExplainStep step, String lookup) {
    return switch (step.getKernel()) {
      case "conflict", "failed", "missing", "pending" -> true;
      default ->
          !lookup.isEmpty()
              && !lookup.contains(" of donut, ")
              && !step.getExits(0).getNextHop().isEmpty();
    };
  }

  /// What the kernel does with packets instead, and why.
  private static String elsewhere(ExplainStep step, String lookup) {
    String error = step.getKernelEntry().getError();
    return "the kernel does not: a packet "
        + (lookup.isEmpty() ? "goes nobody knows where" : lookup)
        + (error.isEmpty() ? "" : "; " + step.getPrefix() + ": " + error);
  }

  /// The step that forwards the address, with the route of another program that does so instead.
  private static ExplainStep withForeign(ExplainStep step, @Nullable Kernel kernel) {
    FibEntry foreign = kernel == null ? null : kernel.foreign();
    return foreign == null || !step.getSelected()
        ? step
        : step.toBuilder().setForeignEntry(foreign).build();
  }

  /// Where packets go when another program's route takes them, and by whom they should have left.
  private static String byForeign(FibEntry route, @Nullable ExplainStep ours) {
    String instead =
        ours == null
            ? "; no route of ours covers it"
            : ours.getExits(0).getNextHop().isEmpty()
                ? ", and is not discarded as our own"
                : ", not by " + ours.getExits(0).getNeighbor();
    return "leaves by the kernel's own %s%s%s (%s, metric %s)%s"
        .formatted(
            route.getPrefix().endsWith("/0") ? "default" : "route " + route.getPrefix(),
            route.getGateway().isEmpty() ? "" : " via " + route.getGateway(),
            route.getDevice().isEmpty() ? "" : " on " + route.getDevice(),
            route.getOwner(),
            Integer.toUnsignedString(route.getMetric()),
            instead);
  }

  private static String summary(Traced one) {
    String lookup = one.kernel().lookup();
    String start = one.router() + ": " + one.part().explanation().address() + " ";
    ExplainStep step = one.selected();
    FibEntry foreign = one.kernel().foreign();
    if (foreign != null) {
      return start + byForeign(foreign, step);
    }
    if (step == null) {
      return start
          + (one.steps().isEmpty()
              ? "is not forwarded: no route covers it"
              : "is not forwarded: no route that covers it can be used");
    }
    if (isElsewhere(step, lookup)) {
      return "%s%s by %s, but %s"
          .formatted(
              start,
              where(step.getExits(0)).replaceFirst("^goes to", "should go to"),
              step.getPrefix(),
              elsewhere(step, lookup));
    }
    ExplainExit exit = inUse(step);
    int backups =
        (int)
            step.getExitsList().stream()
                .filter(other -> !other.equals(exit) && other.getObstacle().isEmpty())
                .count();
    return "%s%s by %s, %s%s; kernel: %s"
        .formatted(
            start,
            where(exit),
            step.getPrefix(),
            backups == 0 ? "no backup" : backups == 1 ? "1 backup" : backups + " backups",
            notBy(step, exit),
            step.getKernel());
  }
}
