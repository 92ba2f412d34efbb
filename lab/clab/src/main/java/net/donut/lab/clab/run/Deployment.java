package net.donut.lab.clab.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import net.donut.lab.clab.model.Stage;
import net.donut.lab.clab.parse.ShellWords;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;

/// Brings a plan up: the network first, then all nodes at once, each through its stages.
///
/// A node's stages run on a virtual thread of its own, which is all it shares with others: the
/// completion of stages. Programs are started and commands are run on a bounded number of threads.
public final class Deployment {
  private static final Duration EXEC_LIMIT = Duration.ofMinutes(2);

  /// What a deployment came to.
  ///
  /// @param results of `exec` lines, in the order of nodes
  /// @param notes what is other than the plan asked for, a sentence each
  public record Result(LabRecord lab, List<LabRuntime.ExecResult> results, List<String> notes) {
    /// The `exec` lines that ended with another code than 0.
    public List<LabRuntime.ExecResult> failures() {
      return results.stream().filter(result -> result.exitCode() != 0).toList();
    }
  }

  /// How a deployment goes about it.
  ///
  /// @param workers how many nodes start at the same time
  /// @param limit for all stages together
  public record Options(int workers, Duration limit) {
    public static final Options STANDARD =
        new Options(
            Math.max(4, 2 * Runtime.getRuntime().availableProcessors()), Duration.ofMinutes(10));
  }

  private final LabRuntime runtime;
  private final Plan plan;
  private final Options options;
  private final Consumer<String> story;
  private final Consumer<LabRecord> wired;
  private final Map<String, CompletableFuture<Void>> stages = new LinkedHashMap<>();
  private final Set<String> waitedFor = new HashSet<>();

  private Deployment(
      LabRuntime runtime,
      Plan plan,
      Options options,
      Consumer<String> story,
      Consumer<LabRecord> wired) {
    this.runtime = runtime;
    this.plan = plan;
    this.options = options;
    this.story = story;
    this.wired = wired;
  }

  /// Deploys. What a killed deployment of the same lab left is removed first; a lab that is there
  /// is a LabException. When anything fails, all of it is removed again.
  ///
  /// @param story hears what happens, a line each
  /// @param wired is told when all links stand and no node has started
  public static Result deploy(
      LabRuntime runtime,
      Plan plan,
      Options options,
      Consumer<String> story,
      Consumer<LabRecord> wired) {
    return new Deployment(runtime, plan, options, story, wired).deploy();
  }

  private Result deploy() {
    removeRemains();
    for (String name : plan.networks()) {
      if (Files.exists(Path.of("/run/netns", name))) {
        throw new LabException(
            "the network namespace "
                + name
                + " exists and is not of this lab (expected: a free name): give the lab another"
                + " name or prefix, or remove it with: ip netns del "
                + name);
      }
    }
    List<String> notes = new ArrayList<>(runtime.prepare(plan));
    LabRecord lab = LabRecord.of(plan);
    lab.write();
    try {
      LabFiles.write(plan);
      runtime.createNetwork(plan);
      notes.addAll(MissingSettings.notes(plan));
      story.accept(
          "%d nodes and %d links have their interfaces"
              .formatted(plan.nodes().size(), plan.links().size()));
      wired.accept(lab);
      List<LabRuntime.ExecResult> results = runNodes(lab);
      LabRecord running = lab.running();
      running.write();
      return new Result(running, results, notes);
    } catch (RuntimeException e) {
      runtime.destroy(lab);
      throw e;
    }
  }

  private void removeRemains() {
    Optional<LabRecord> before = LabRecord.read(plan.lab());
    if (before.isEmpty()) {
      return;
    }
    LabRecord lab = before.get();
    if (lab.isBeingDeployed()) {
      throw new LabException(
          "lab '%s' is being deployed by process %d (expected: one at a time)"
              .formatted(lab.lab(), lab.owner().pid()));
    }
    if (lab.phase() == LabRecord.Phase.RUNNING) {
      throw new LabException(
          ("lab '%s' is deployed already: end it with: donut lab destroy --name %s, or deploy it"
                  + " anew with --reconfigure")
              .formatted(lab.lab(), lab.lab()));
    }
    story.accept("removing what a killed deployment left");
    runtime.destroy(lab);
  }

  private List<LabRuntime.ExecResult> runNodes(LabRecord lab) {
    for (Plan.Node node : plan.nodes()) {
      for (Stage stage : Stage.values()) {
        stages.put(key(node.name(), stage), new CompletableFuture<>());
        node.definition()
            .life()
            .rules(stage)
            .waits()
            .forEach(wait -> waitedFor.add(key(wait.node(), wait.stage())));
      }
    }
    // Bridges and hosts are there as soon as the network is.
    for (String waited : waitedFor) {
      stages.computeIfAbsent(waited, _ -> CompletableFuture.completedFuture(null));
    }
    try (ExecutorService lives = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService workers = Executors.newFixedThreadPool(options.workers())) {
      Map<String, Future<List<LabRuntime.ExecResult>>> nodes = new LinkedHashMap<>();
      for (Plan.Node node : plan.nodes()) {
        nodes.put(node.name(), lives.submit(() -> new NodeLife(lab, node, workers).call()));
      }
      try {
        return collect(nodes);
      } catch (RuntimeException e) {
        lives.shutdownNow();
        workers.shutdownNow();
        throw e;
      }
    }
  }

  private List<LabRuntime.ExecResult> collect(
      Map<String, Future<List<LabRuntime.ExecResult>>> nodes) {
    long deadline = System.nanoTime() + options.limit().toNanos();
    List<LabRuntime.ExecResult> results = new ArrayList<>();
    for (Map.Entry<String, Future<List<LabRuntime.ExecResult>>> node : nodes.entrySet()) {
      long left = Math.max(0, deadline - System.nanoTime());
      results.addAll(
          await(
              node.getValue(),
              left,
              "node " + node.getKey() + " is not through its stages after " + options.limit()));
    }
    return results;
  }

  private static <T> T await(Future<T> future, long nanoseconds, String late) {
    try {
      return future.get(nanoseconds, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new LabException(late, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private static String key(String node, Stage stage) {
    return node + "/" + stage.word();
  }

  /// One node on its way through its stages. Owned by the virtual thread that calls it.
  private final class NodeLife {
    private final LabRecord lab;
    private final Plan.Node node;
    private final LabRecord.Node record;
    private final ExecutorService workers;
    private final List<LabRuntime.ExecResult> results = new ArrayList<>();

    NodeLife(LabRecord lab, Plan.Node node, ExecutorService workers) {
      this.lab = lab;
      this.node = node;
      this.record = lab.node(node.name());
      this.workers = workers;
    }

    List<LabRuntime.ExecResult> call() {
      try {
        Pause.of(Duration.ofSeconds(node.definition().life().startupDelaySeconds()));
        stage(Stage.CREATE, () -> work(this::start));
        stage(Stage.CREATE_LINKS, () -> {});
        stage(Stage.CONFIGURE, () -> {});
        for (String line : node.definition().start().exec()) {
          work(() -> results.add(runtime.exec(lab, record, ShellWords.of(line), EXEC_LIMIT)));
        }
        if (isWaitedFor(Stage.HEALTHY)) {
          stage(Stage.HEALTHY, () -> runtime.awaitHealthy(lab, node, options.limit()));
        }
        if (isWaitedFor(Stage.EXIT)) {
          stage(Stage.EXIT, this::awaitExit);
        }
        return results;
      } catch (RuntimeException e) {
        for (Stage stage : Stage.values()) {
          done(stage).completeExceptionally(e);
        }
        throw e;
      }
    }

    private CompletableFuture<Void> done(Stage stage) {
      CompletableFuture<Void> done = stages.get(key(node.name(), stage));
      return done == null ? new CompletableFuture<>() : done;
    }

    private boolean isWaitedFor(Stage stage) {
      return waitedFor.contains(key(node.name(), stage))
          || !node.definition().life().rules(stage).equals(Stage.Rules.NONE);
    }

    private void start() {
      runtime.start(plan, node);
      story.accept("started " + node.container());
    }

    private void stage(Stage stage, Runnable body) {
      Stage.Rules rules = node.definition().life().rules(stage);
      for (Stage.Wait wait : rules.waits()) {
        CompletableFuture<Void> other = stages.get(key(wait.node(), wait.stage()));
        if (other != null) {
          await(
              other,
              options.limit().toNanos(),
              "%s waited for %s of %s for %s"
                  .formatted(node.name(), wait.stage().word(), wait.node(), options.limit()));
        }
      }
      // Before its first stage a node has nothing that a command could run in.
      boolean early = stage == Stage.CREATE;
      commands(rules, Stage.Exec.Phase.ON_ENTER, early ? StageSide.HOST_ONLY : StageSide.ALL);
      body.run();
      if (early) {
        commands(rules, Stage.Exec.Phase.ON_ENTER, StageSide.CONTAINER_ONLY);
      }
      commands(rules, Stage.Exec.Phase.ON_EXIT, StageSide.ALL);
      done(stage).complete(null);
    }

    private void commands(Stage.Rules rules, Stage.Exec.Phase phase, StageSide moment) {
      for (Stage.Exec command : rules.commands()) {
        if (command.phase() == phase && moment.includes(command.target())) {
          work(() -> results.add(run(command)));
        }
      }
    }

    private LabRuntime.ExecResult run(Stage.Exec command) {
      List<String> words = ShellWords.of(command.line());
      return switch (command.target()) {
        case CONTAINER -> runtime.exec(lab, record, words, EXEC_LIMIT);
        case HOST -> {
          Command.Result result = Command.tryRun(words, "", EXEC_LIMIT);
          yield new LabRuntime.ExecResult(
              "host", words, result.exitCode(), result.output(), result.errors());
        }
      };
    }

    private void awaitExit() {
      Pause.until(
          "node " + node.name() + " to end",
          options.limit(),
          () -> !(runtime.state(lab, record) instanceof LabRuntime.NodeState.Running));
    }

    /// Runs something on one of the workers.
    private void work(Runnable task) {
      await(
          workers.submit(task),
          options.limit().toNanos(),
          "node " + node.name() + ": not done after " + options.limit());
    }
  }

  /// Which commands of a stage can run now.
  private enum StageSide {
    HOST_ONLY,
    CONTAINER_ONLY,
    ALL;

    boolean includes(Stage.Exec.Target target) {
      return this == ALL || (this == HOST_ONLY) == (target == Stage.Exec.Target.HOST);
    }
  }
}
