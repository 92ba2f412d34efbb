package net.donut.controller.northbound;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.donut.api.PolicyChecker.Severity;
import net.donut.api.operator.v1.ApplyPolicyRequest;
import net.donut.api.operator.v1.ApplyPolicyResponse;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyReader;
import net.donut.controller.rib.ControllerRib;
import net.donut.controller.rib.ControllerRibThread;
import net.donut.controller.state.SavedOverride;
import net.donut.controller.state.StateStore;
import net.donut.controller.state.StateStore.AppliedPolicy;
import net.donut.model.Prefix;

/// The one place where operators change things: one change after another, on the thread `desk`,
/// each written to the state directory before it is answered.
public final class PolicyDesk implements AutoCloseable {
  private final ControllerRibThread rib;
  private final StateStore store;
  private final Path policyFile;
  private final ExecutorService desk =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().name("desk").daemon(true).unstarted(task));

  /// @param policyFile the file that the controller was started with
  public PolicyDesk(ControllerRibThread rib, StateStore store, Path policyFile) {
    this.rib = rib;
    this.store = store;
    this.policyFile = policyFile;
  }

  private <T> T inTurn(Callable<T> change) {
    try {
      return desk.submit(change).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Checks a policy and, unless it has a mistake or only a check is wanted, puts it in force.
  ApplyPolicyResponse apply(ApplyPolicyRequest request) {
    String file = request.getFileName().isEmpty() ? "policy" : request.getFileName();
    PolicyReader.Reading reading = PolicyReader.read(file, request.getText());
    ApplyPolicyResponse.Builder answer = ApplyPolicyResponse.newBuilder();
    reading.problems().forEach(problem -> answer.addProblems(OperatorAnswers.problem(problem)));
    PolicyDocument document = reading.document();
    if (document == null) {
      return answer.setGeneration(rib.ask(state -> state.policy().generation())).build();
    }
    return inTurn(() -> {
      if (request.getDryRun()) {
        return answer
            .setGeneration(rib.ask(state -> state.policy().generation()))
            .addAllChanges(rib.ask(state -> state.changesTo(document)))
            .build();
      }
      long generation = store.nextGeneration();
      store.applyPolicy(new AppliedPolicy(file, request.getText(), fileNow()));
      List<String> changes =
          rib.apply(new ControllerRib.PolicyInUse(file, request.getText(), document, generation));
      return answer
          .setApplied(true)
          .setGeneration(generation)
          .addAllChanges(new ArrayList<>(changes))
          .build();
    });
  }

  /// What the file holds that this policy replaces; empty when it cannot be read.
  private String fileNow() {
    try {
      return Files.readString(policyFile);
    } catch (IOException e) {
      return "";
    }
  }

  /// Drains a neighbor of the policy, or ends its drain: first on disk, so that what cannot be kept
  /// is not done. Returns how many prefixes moved.
  long drain(String neighbor, boolean undo) {
    return inTurn(() -> {
      Set<String> before = rib.ask(ControllerRib::drained);
      Set<String> drained = new TreeSet<>(before);
      boolean news = undo ? drained.remove(neighbor) : drained.add(neighbor);
      if (news) {
        store.drained(drained);
      }
      return undo ? rib.undrain(neighbor) : rib.drain(neighbor);
    });
  }

  /// Sends a prefix by one neighbor for a time: first on disk, as a drain. Returns how many
  /// prefixes moved.
  long override(SavedOverride override) {
    return inTurn(() -> {
      keepOverrides(override.prefix(), List.of(override));
      return rib.override(override);
    });
  }

  /// Ends the override of a prefix. Returns how many prefixes moved.
  long endOverride(Prefix prefix) {
    return inTurn(() -> {
      keepOverrides(prefix, List.of());
      return rib.endOverride(prefix);
    });
  }

  private void keepOverrides(Prefix prefix, List<SavedOverride> now) {
    List<SavedOverride> kept = new ArrayList<>(rib.ask(ControllerRib::overrides));
    kept.removeIf(one -> one.prefix().equals(prefix));
    kept.addAll(now);
    store.overrides(kept);
  }

  /// What of a reading is a mistake, one line each.
  public static List<String> errors(PolicyReader.Reading reading) {
    return reading.problems().stream()
        .filter(problem -> problem.severity() == Severity.ERROR)
        .map(problem ->
            "%s:%d:%d: %s"
                .formatted(problem.file(), problem.line(), problem.column(), problem.message()))
        .toList();
  }

  @Override
  public void close() {
    desk.shutdown();
    try {
      boolean _ = desk.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
