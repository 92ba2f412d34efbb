package net.donut.lab.clab;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.donut.lab.clab.container.ContainerRuntime;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.netns.NamespaceRuntime;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;

/// For each lab the runtime that its plan or record names. Has no state: any thread may call it.
public final class PerLabRuntime implements LabRuntime {
  private final LabRuntime namespaces = new NamespaceRuntime();
  private final LabRuntime containers = new ContainerRuntime();

  private LabRuntime of(RuntimeKind kind) {
    return switch (kind) {
      case NETNS -> namespaces;
      case DOCKER -> containers;
    };
  }

  @Override
  public List<String> prepare(Plan plan) {
    return of(plan.runtime()).prepare(plan);
  }

  @Override
  public void createNetwork(Plan plan) {
    of(plan.runtime()).createNetwork(plan);
  }

  @Override
  public void start(Plan plan, Plan.Node node) {
    of(plan.runtime()).start(plan, node);
  }

  @Override
  public void restart(LabRecord lab, LabRecord.Node node) {
    of(lab.runtime()).restart(lab, node);
  }

  @Override
  public ExecResult exec(LabRecord lab, LabRecord.Node node, List<String> command, Duration limit) {
    return of(lab.runtime()).exec(lab, node, command, limit);
  }

  @Override
  public List<String> inside(
      LabRecord lab, LabRecord.Node node, List<String> command, Attachment attachment) {
    return of(lab.runtime()).inside(lab, node, command, attachment);
  }

  @Override
  public List<String> console(LabRecord lab, LabRecord.Node node, int lines, boolean follow) {
    return of(lab.runtime()).console(lab, node, lines, follow);
  }

  @Override
  public Optional<Ending> ending(LabRecord lab, LabRecord.Node node) {
    return of(lab.runtime()).ending(lab, node);
  }

  @Override
  public Map<String, String> unavailable(Plan plan) {
    return of(plan.runtime()).unavailable(plan);
  }

  @Override
  public NodeState state(LabRecord lab, LabRecord.Node node) {
    return of(lab.runtime()).state(lab, node);
  }

  @Override
  public Health health(LabRecord lab, LabRecord.Node node) {
    return of(lab.runtime()).health(lab, node);
  }

  @Override
  public void awaitHealthy(LabRecord lab, Plan.Node node, Duration limit) {
    of(lab.runtime()).awaitHealthy(lab, node, limit);
  }

  @Override
  public String id(LabRecord lab, LabRecord.Node node) {
    return of(lab.runtime()).id(lab, node);
  }

  @Override
  public String image(LabRecord lab, LabRecord.Node node) {
    return of(lab.runtime()).image(lab, node);
  }

  @Override
  public void kill(LabRecord lab, LabRecord.Node node) {
    of(lab.runtime()).kill(lab, node);
  }

  @Override
  public void freeze(LabRecord lab, LabRecord.Node node) {
    of(lab.runtime()).freeze(lab, node);
  }

  @Override
  public void thaw(LabRecord lab, LabRecord.Node node) {
    of(lab.runtime()).thaw(lab, node);
  }

  @Override
  public void destroy(LabRecord lab) {
    of(lab.runtime()).destroy(lab);
  }
}
