package net.donut.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import net.donut.api.PolicyChecker;
import net.donut.api.PolicyChecker.Problem;
import net.donut.api.PolicyChecker.Severity;
import net.donut.api.operator.v1.ApplyPolicyRequest;
import net.donut.api.operator.v1.ApplyPolicyResponse;
import net.donut.api.operator.v1.PolicyProblem;
import net.donut.api.operator.v1.ShowPolicyRequest;
import net.donut.api.operator.v1.ShowPolicyResponse;
import net.donut.model.FileFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `donut policy`: check, apply and show the policy file.
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "Check, apply or show the peering policy.",
    subcommands = {PolicyCommand.Check.class, PolicyCommand.Apply.class, PolicyCommand.Show.class},
    footer = {"", "Example: donut policy check network.yml && donut policy apply network.yml"})
final class PolicyCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "policy: check, apply or show is missing");
  }

  private static String read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new Failures.Refused(
            Failures.USAGE, file + ": is a directory (expected: a YAML file)");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (MalformedInputException e) {
      throw new Failures.Refused(Failures.USAGE, file + ": not UTF-8 text (expected: a YAML file)");
    } catch (IOException e) {
      throw new Failures.Refused(
          Failures.USAGE,
          file
              + ": "
              + (Files.exists(file) ? "not readable: " + FileFailure.reason(e) : "no such file"));
    }
  }

  private static void print(PrintWriter out, Problem problem) {
    out.println(
        problem.file()
            + ":"
            + problem.line()
            + ":"
            + problem.column()
            + ": "
            + (problem.severity() == Severity.WARNING ? "warning: " : "")
            + problem.message());
  }

  /// Needs no controller.
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Report every mistake of a policy file at once; needs no controller.",
      footer = {"", "Example: donut policy check network.yml"})
  static final class Check implements Runnable {
    @Parameters(paramLabel = "FILE", description = "The policy, a YAML file.")
    private Path file = Path.of("");

    @picocli.CommandLine.Mixin private Output output = new Output();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      PolicyChecker checker =
          ServiceLoader.load(PolicyChecker.class)
              .findFirst()
              .orElseThrow(() ->
                  new Failures.Refused(
                      Failures.INTERNAL, "no policy checker on the class path: rebuild"));
      List<Problem> problems = checker.check(file.toString(), read(file));
      ApplyPolicyResponse.Builder answer = ApplyPolicyResponse.newBuilder();
      problems.forEach(problem -> answer.addProblems(message(problem)));
      PrintWriter out = spec.commandLine().getOut();
      output.print(out, answer.build(), o -> problems.forEach(problem -> print(o, problem)));
      long errors = problems.stream().filter(p -> p.severity() == Severity.ERROR).count();
      if (errors > 0) {
        throw new Failures.Refused(
            Failures.USAGE, file + ": " + errors + (errors == 1 ? " mistake" : " mistakes"));
      }
      if (!output.isJson()) {
        out.println(file + ": good" + (problems.isEmpty() ? "" : ", with warnings"));
        out.flush();
      }
    }

    private static PolicyProblem message(Problem problem) {
      return PolicyProblem.newBuilder()
          .setFile(problem.file())
          .setLine(problem.line())
          .setColumn(problem.column())
          .setMessage(problem.message())
          .setSeverity(problem.severity() == Severity.ERROR ? "error" : "warning")
          .build();
    }
  }

  /// Replaces the controller's policy.
  @Command(
      name = "apply",
      description = "Give the controller a new policy; a policy with a mistake changes nothing.",
      footer = {"", "Example: donut policy apply network.yml --dry-run"})
  static final class Apply extends OperatorCommand {
    @Parameters(paramLabel = "FILE", description = "The policy, a YAML file.")
    private Path file = Path.of("");

    @Option(names = "--dry-run", description = "Only say what would change.")
    private boolean dryRun;

    @Option(
        names = "--allow-removal",
        description =
            "Let every agent remove what the policy takes away, beyond its removal budget, for a"
                + " minute.")
    private boolean allowRemoval;

    @Override
    public void run() {
      ApplyPolicyRequest request =
          ApplyPolicyRequest.newBuilder()
              .setFileName(file.toString())
              .setText(read(file))
              .setDryRun(dryRun)
              .build();
      if (allowRemoval && !dryRun) {
        var _ = AllowRemovalCommand.allow(this, "", AllowRemovalCommand.SECONDS);
      }
      ApplyPolicyResponse answer = controller.ask(stub -> stub.applyPolicy(request));
      output.print(out(), answer, out -> table(out, answer));
      long errors =
          answer.getProblemsList().stream().filter(p -> p.getSeverity().equals("error")).count();
      if (errors > 0) {
        throw new Failures.Refused(
            Failures.USAGE,
            file + ": " + errors + " mistakes; the policy in force was not changed");
      }
    }

    private void table(PrintWriter out, ApplyPolicyResponse answer) {
      for (PolicyProblem problem : answer.getProblemsList()) {
        print(
            out,
            new Problem(
                problem.getFile(),
                problem.getLine(),
                problem.getColumn(),
                problem.getMessage(),
                problem.getSeverity().equals("warning") ? Severity.WARNING : Severity.ERROR));
      }
      answer.getChangesList().forEach(out::println);
      if (answer.getApplied()) {
        out.println(file + ": applied, generation " + answer.getGeneration());
      } else if (dryRun) {
        out.println(file + ": not applied (--dry-run)");
      }
    }
  }

  /// The policy in force.
  @Command(
      name = "show",
      description = "Print the policy in force.",
      footer = {"", "Example: donut policy show > network.yml"})
  static final class Show extends OperatorCommand {
    @Override
    public void run() {
      ShowPolicyResponse answer =
          controller.ask(stub -> stub.showPolicy(ShowPolicyRequest.getDefaultInstance()));
      output.print(out(), answer, out -> out.print(answer.getText()));
    }
  }
}
