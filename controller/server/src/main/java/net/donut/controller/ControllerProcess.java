package net.donut.controller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import net.donut.controller.northbound.OperatorServers;
import net.donut.controller.northbound.OperatorService;
import net.donut.controller.northbound.PolicyDesk;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyReader;
import net.donut.controller.rib.ControllerRib;
import net.donut.controller.rib.ControllerRibThread;
import net.donut.controller.rib.DecisionRecorder;
import net.donut.controller.rib.OperatorWords;
import net.donut.controller.southbound.AgentDriver;
import net.donut.controller.southbound.AgentDriverThread;
import net.donut.controller.southbound.Reports;
import net.donut.controller.state.StateException;
import net.donut.controller.state.StateStore;
import net.donut.controller.state.StateStore.AppliedPolicy;
import net.donut.model.FileFailure;
import net.donut.model.Role;
import net.donut.tls.TlsException;
import net.donut.tls.TransportLog;
import net.donut.tls.TransportSecurity;

/// A running controller.
///
/// ```
/// south-NAME --Reports--> rib --change()--> south-NAME      one a router
/// operator calls --ask()--> rib                             64 questions, then RESOURCE_EXHAUSTED
/// desk: policy and drains, one after another, written before answered
/// ```
public final class ControllerProcess implements AutoCloseable {
  private final StateStore store;
  private final ControllerRibThread rib;
  private final PolicyDesk desk;
  private final OperatorServers servers;
  private final TransportSecurity security;

  private ControllerProcess(
      StateStore store,
      ControllerRibThread rib,
      PolicyDesk desk,
      OperatorServers servers,
      TransportSecurity security) {
    this.security = security;
    this.store = store;
    this.rib = rib;
    this.desk = desk;
    this.servers = servers;
  }

  /// Starts a controller. Throws ControllerException, saying everything that is wrong, when it
  /// cannot; nothing is left running then.
  public static ControllerProcess start(ControllerOptions options) {
    TransportLog.install();
    StateStore store;
    try {
      store = StateStore.open(options.stateDirectory());
    } catch (StateException e) {
      throw new ControllerException(List.of(String.valueOf(e.getMessage())));
    }
    try {
      return start(options, store);
    } catch (StateException | OperatorServers.ServeException | TlsException e) {
      store.close();
      throw new ControllerException(List.of(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static ControllerProcess start(ControllerOptions options, StateStore store) {
    TransportSecurity security = TransportSecurity.open(options.protection());
    try {
      security.requireRole(new Role.Controller());
      security.requireUsable();
      return start(options, store, security);
    } catch (RuntimeException e) {
      security.close();
      throw e;
    }
  }

  private static ControllerProcess start(
      ControllerOptions options, StateStore store, TransportSecurity security) {
    ControllerRib.PolicyInUse policy = policy(options, store);
    long start = store.nextStart(Instant.now());
    warnings(store).forEach(ControllerLog::notWritten);
    Reports reports = new Reports();
    ControllerRibThread rib =
        new ControllerRibThread(
            reports,
            policy,
            new OperatorWords(store.drained(), store.overrides()),
            router ->
                new AgentDriverThread(
                        new AgentDriver.Address(
                            router.name(), router.agentHost(), router.agentPort()),
                        security,
                        start,
                        reports)
                    .start(),
            recorder(options));
    PolicyDesk desk = new PolicyDesk(rib, store, options.policy());
    OperatorServers servers;
    try {
      rib.start();
      OperatorService service =
          new OperatorService(
              rib,
              desk,
              options.version(),
              () -> Stream.concat(security.warnings().stream(), warnings(store).stream()).toList());
      servers =
          new OperatorServers(
              service, security, options.listen(), options.socket(), options.socketGroup());
    } catch (RuntimeException e) {
      desk.close();
      rib.close();
      throw e;
    }
    ControllerLog.started(options.version(), start);
    return new ControllerProcess(store, rib, desk, servers, security);
  }

  private static DecisionRecorder recorder(ControllerOptions options) {
    Path file = options.record();
    if (file == null) {
      return DecisionRecorder.none();
    }
    try {
      DecisionRecorder recorder =
          DecisionRecorder.open(
              file, "donut controller " + options.version(), ControllerLog::recordingStopped);
      ControllerLog.recording(file);
      return recorder;
    } catch (IOException e) {
      throw new ControllerException(
          List.of(
              "--record %s: %s (expected: a file to write)"
                  .formatted(file, FileFailure.reason(e))));
    }
  }

  private static List<String> warnings(StateStore store) {
    return store.trouble().isEmpty() ? List.of() : List.of(store.trouble());
  }

  /// The policy applied last, unless the file has changed since. No file time is compared: a clock
  /// that was set meanwhile would give the wrong one.
  private static ControllerRib.PolicyInUse policy(ControllerOptions options, StateStore store) {
    Path file = options.policy();
    AppliedPolicy applied = store.appliedPolicy();
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new ControllerException(
          List.of("policy %s: not readable; give the file with --policy".formatted(file)));
    }
    if (applied != null && applied.replaced().equals(text)) {
      PolicyReader.Reading reading = PolicyReader.read(applied.fileName(), applied.text());
      PolicyDocument document = reading.document();
      if (document != null) {
        long generation = store.generation();
        ControllerLog.policy(
            applied.fileName(), "applied, and the file has not changed since", generation);
        return new ControllerRib.PolicyInUse(
            applied.fileName(), applied.text(), document, generation);
      }
    }
    PolicyReader.Reading reading = PolicyReader.read(file.toString(), text);
    PolicyDocument document = reading.document();
    if (document == null) {
      throw new ControllerException(PolicyDesk.errors(reading));
    }
    reading
        .problems()
        .forEach(problem ->
            ControllerLog.warning(
                "%s:%d:%d: %s"
                    .formatted(
                        problem.file(), problem.line(), problem.column(), problem.message())));
    long generation = store.startGeneration();
    ControllerLog.policy(file.toString(), "the file given", generation);
    return new ControllerRib.PolicyInUse(file.toString(), text, document, generation);
  }

  /// The TCP port that operators are served on.
  public int port() {
    return servers.port();
  }

  /// Ends the controller; agents keep what they have.
  @Override
  public void close() {
    servers.close();
    desk.close();
    rib.close();
    store.close();
    security.close();
    ControllerLog.stopped();
  }
}
