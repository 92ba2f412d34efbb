package net.donut.lab.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.run.ContainerView;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.run.LabRuntime.Attachment;
import net.donut.lab.clab.template.Template;
import net.donut.lab.clab.template.TemplateException;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.LabException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// What a script of `run-script` calls for `docker` and `containerlab`: it answers for one lab.
/// What it does not know it refuses in one line, with Docker's own code for that.
@Command(
    name = StandInCommand.NAME,
    hidden = true,
    description = "Answers for docker or containerlab in a script of run-script.")
final class StandInCommand extends ClabCommand {
  static final String NAME = "stand-in";

  private static final int REFUSED = 125;
  private static final String ANSWERED =
      "exec, inspect, ps, logs, cp, pause, unpause, stop, kill, start, restart, version";

  @Parameters(
      arity = "2..*",
      paramLabel = "PROGRAM LAB",
      parameterConsumer = ShellCommands.NodeCommand.class,
      description = "docker or containerlab, the lab, and their words.")
  private List<String> words = List.of();

  /// A call that is not answered.
  private static final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unanswered(String message) {
      super(message);
    }
  }

  @Override
  int act(PrintWriter out) throws IOException {
    LabRecord lab = LabRecord.require(words.get(1));
    Deque<String> rest = new ArrayDeque<>(words.subList(2, words.size()));
    try {
      return words.getFirst().equals("docker")
          ? docker(lab, rest, out)
          : containerlab(lab, rest, out);
    } catch (Unanswered | TemplateException e) {
      tell("donut lab run-script: " + words.getFirst() + ": " + e.getMessage());
      return REFUSED;
    } catch (LabException e) {
      tell("Error response from daemon: " + e.getMessage());
      return 1;
    }
  }

  private int docker(LabRecord lab, Deque<String> rest, PrintWriter out) throws IOException {
    String verb = next(rest);
    return switch (verb) {
      case "container" -> docker(lab, rest, out);
      case "exec" -> exec(lab, rest);
      case "inspect" -> inspect(lab, rest, out);
      case "ps", "ls" -> list(lab, rest, out);
      case "logs" -> logs(lab, rest);
      case "cp" -> copy(lab, rest);
      case "pause", "unpause", "stop", "kill", "start", "restart" -> {
        for (String name : names(rest, Set.of("-t", "--time", "-s", "--signal"), Set.of())) {
          change(lab, verb, node(lab, name));
          out.println(name);
        }
        yield 0;
      }
      case "version", "--version", "-v", "info" -> {
        out.println("Docker version 27.0.0, answered by donut for the lab " + lab.lab());
        yield 0;
      }
      default ->
          throw new Unanswered("'%s' is not answered (answered: %s)".formatted(verb, ANSWERED));
    };
  }

  private static String next(Deque<String> rest) {
    String word = rest.poll();
    if (word == null) {
      throw new Unanswered("a word is missing (expected one of: " + ANSWERED + ")");
    }
    return word;
  }

  /// A node by its name, its container's, its id, or the name that containerlab would have given it
  /// in a lab of the file's own name.
  private LabRecord.Node node(LabRecord lab, String name) {
    return find(lab, name).orElseThrow(() -> new LabException("No such container: " + name));
  }

  private Optional<LabRecord.Node> find(LabRecord lab, String name) {
    String bare = name.startsWith("/") ? name.substring(1) : name;
    Optional<LabRecord.Node> named =
        lab.nodes().stream()
            .filter(node -> node.name().equals(bare) || node.container().equals(bare))
            .findFirst();
    return named
        .or(() ->
            bare.startsWith("clab-")
                ? lab.nodes().stream()
                    .filter(node -> bare.endsWith("-" + node.name()))
                    .max((a, b) -> Integer.compare(a.name().length(), b.name().length()))
                : Optional.empty())
        .or(() ->
            bare.matches("[0-9a-f]{6,64}")
                ? lab.nodes().stream()
                    .filter(node -> {
                      String id = runtime.id(lab, node);
                      return id.startsWith(bare) || bare.startsWith(id);
                    })
                    .findFirst()
                : Optional.empty());
  }

  /// What is not an option, where those of the first set have a value and those of the second none.
  private static List<String> names(Deque<String> rest, Set<String> valued, Set<String> plain) {
    List<String> names = new ArrayList<>();
    while (!rest.isEmpty()) {
      String word = next(rest);
      if (!word.startsWith("-")) {
        names.add(word);
      } else if (valued.contains(word)) {
        next(rest);
      } else if (!plain.contains(word)
          && valued.stream().noneMatch(option -> word.startsWith(option + "="))) {
        throw new Unanswered("option '" + word + "' is not answered");
      }
    }
    if (names.isEmpty()) {
      throw new Unanswered("no container is named");
    }
    return names;
  }

  private int exec(LabRecord lab, Deque<String> rest) throws IOException {
    boolean interactive = false;
    boolean terminal = false;
    boolean detach = false;
    List<String> environment = new ArrayList<>();
    String directory = "";
    String user = "";
    while (!rest.isEmpty() && rest.peek().startsWith("-")) {
      String option = next(rest);
      int equals = option.indexOf('=');
      String name = option.startsWith("--") && equals > 0 ? option.substring(0, equals) : option;
      String given = option.startsWith("--") && equals > 0 ? option.substring(equals + 1) : "";
      switch (name) {
        case "--interactive" -> interactive = !given.equals("false");
        case "--tty" -> terminal = !given.equals("false");
        case "--detach" -> detach = true;
        case "--privileged" -> {}
        case "-e", "--env" -> environment.add(given.isEmpty() ? next(rest) : given);
        case "-w", "--workdir" -> directory = given.isEmpty() ? next(rest) : given;
        case "-u", "--user" -> user = given.isEmpty() ? next(rest) : given;
        default -> {
          if (!name.matches("-[itd]+")) {
            throw new Unanswered("exec: option '" + option + "' is not answered");
          }
          interactive |= name.contains("i");
          terminal |= name.contains("t");
          detach |= name.contains("d");
        }
      }
    }
    LabRecord.Node node = node(lab, next(rest));
    if (rest.isEmpty()) {
      throw new Unanswered("exec: a command is missing");
    }
    List<String> command = new ArrayList<>(settings(environment, directory, user));
    command.addAll(rest);
    if (detach) {
      ShellCommands.detach(runtime.inside(lab, node, command, Attachment.DETACHED));
      return 0;
    }
    Attachment attachment =
        terminal && ShellCommands.isAtTerminal() ? Attachment.TERMINAL : Attachment.PIPE;
    ProcessBuilder.Redirect input =
        interactive
            ? ProcessBuilder.Redirect.INHERIT
            : ProcessBuilder.Redirect.from(new File("/dev/null"));
    return ShellCommands.foreground(runtime.inside(lab, node, command, attachment), input);
  }

  /// The words before a command that give it variables, a directory and a user.
  private static List<String> settings(List<String> environment, String directory, String user) {
    List<String> words = new ArrayList<>();
    if (!user.isEmpty() && !user.equals("root") && !user.equals("0")) {
      int colon = user.indexOf(':');
      String name = colon < 0 ? user : user.substring(0, colon);
      String group = colon < 0 ? user : user.substring(colon + 1);
      words.addAll(List.of("setpriv", "--reuid", name, "--regid", group, "--clear-groups", "--"));
    }
    if (!environment.isEmpty()) {
      words.add("env");
      for (String variable : environment) {
        String own = System.getenv(variable);
        words.add(variable.contains("=") ? variable : variable + "=" + (own == null ? "" : own));
      }
    }
    if (!directory.isEmpty()) {
      words.addAll(List.of("sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", directory));
    }
    return words;
  }

  private int inspect(LabRecord lab, Deque<String> rest, PrintWriter out) {
    String template = "";
    Deque<String> left = new ArrayDeque<>();
    while (!rest.isEmpty()) {
      String word = next(rest);
      if (word.equals("-f") || word.equals("--format")) {
        template = next(rest);
      } else if (word.startsWith("--format=")) {
        template = word.substring("--format=".length());
      } else if (word.startsWith("-f=")) {
        template = word.substring("-f=".length());
      } else {
        left.add(word);
      }
    }
    List<Object> found = new ArrayList<>();
    int code = 0;
    for (String name : names(left, Set.of("--type"), Set.of("-s", "--size"))) {
      Optional<LabRecord.Node> node = find(lab, name);
      if (node.isPresent()) {
        found.add(ContainerView.inspection(runtime, lab, node.get()));
      } else {
        tell("Error: No such object: " + name);
        code = 1;
      }
    }
    if (template.isEmpty()) {
      out.println(ContainerView.json(found));
    } else {
      for (Object each : found) {
        out.println(render(template, each));
      }
    }
    return code;
  }

  private static String render(String template, Object data) {
    return switch (template) {
      case "json", "{{json .}}" -> ContainerView.json(data);
      default ->
          Template.of(
                  new Template.Source(
                      "format",
                      template.replaceAll("\\bjson \\.", "ToJSON .").replace("\\t", "\t")),
                  List.of())
              .render(data);
    };
  }

  private int list(LabRecord lab, Deque<String> rest, PrintWriter out) {
    String template = "";
    boolean all = false;
    boolean quiet = false;
    List<String> filters = new ArrayList<>();
    while (!rest.isEmpty()) {
      String word = next(rest);
      if (word.matches("-[aq]+")) {
        all |= word.contains("a");
        quiet |= word.contains("q");
      } else {
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        String name = equals < 0 ? word : word.substring(0, equals);
        String given = equals < 0 ? "" : word.substring(equals + 1);
        switch (name) {
          case "--all" -> all = true;
          case "--quiet" -> quiet = true;
          case "--no-trunc" -> {}
          case "--format" -> template = given.isEmpty() ? next(rest) : given;
          case "--filter", "-f" -> filters.add(given.isEmpty() ? next(rest) : given);
          default -> throw new Unanswered("ps: option '" + word + "' is not answered");
        }
      }
    }
    boolean table = template.isEmpty() || template.startsWith("table ");
    if (table && !quiet) {
      String head =
          template.isEmpty()
              ? "%-14s %-24s %-18s %s".formatted("CONTAINER ID", "IMAGE", "STATUS", "NAMES")
              : template
                  .substring("table ".length())
                  .replace("\\t", "\t")
                  .replaceAll("\\{\\{ *\\.(\\w+) *}}", "$1")
                  .toUpperCase(Locale.ROOT);
      out.println(head);
    }
    for (LabRecord.Node node : lab.nodes()) {
      Map<String, Object> row = ContainerView.row(runtime, lab, node);
      boolean alive = List.of("running", "paused").contains(row.get("State"));
      if ((!alive && !all && filters.stream().noneMatch(filter -> filter.startsWith("status=")))
          || !filters.stream().allMatch(filter -> matches(node, row, filter))) {
        continue;
      }
      if (quiet) {
        out.println(row.get("ID"));
      } else if (template.isEmpty()) {
        out.println(
            "%-14s %-24s %-18s %s"
                .formatted(row.get("ID"), row.get("Image"), row.get("Status"), row.get("Names")));
      } else {
        out.println(render(template.replaceFirst("^table ", ""), row));
      }
    }
    return 0;
  }

  private static boolean matches(LabRecord.Node node, Map<String, Object> row, String filter) {
    int equals = filter.indexOf('=');
    String value = filter.substring(equals + 1);
    return switch (equals < 0 ? filter : filter.substring(0, equals)) {
      case "name" -> node.container().matches(".*" + value.replaceFirst("^\\^/?", "") + ".*");
      case "status" -> value.equals(row.get("State"));
      case "label" -> {
        int sign = value.indexOf('=');
        yield sign < 0
            ? node.labels().containsKey(value)
            : value.substring(sign + 1).equals(node.labels().get(value.substring(0, sign)));
      }
      default -> throw new Unanswered("ps: filter '" + filter + "' is not answered");
    };
  }

  private int logs(LabRecord lab, Deque<String> rest) throws IOException {
    boolean follow = false;
    int lines = -1;
    Deque<String> left = new ArrayDeque<>();
    while (!rest.isEmpty()) {
      String word = next(rest);
      switch (word) {
        case "-f", "--follow" -> follow = true;
        case "-n", "--tail" -> lines = number(next(rest));
        default -> {
          if (word.startsWith("--tail=")) {
            lines = number(word.substring("--tail=".length()));
          } else {
            left.add(word);
          }
        }
      }
    }
    LabRecord.Node node = node(lab, names(left, Set.of(), Set.of("-t", "--timestamps")).getFirst());
    return ShellCommands.foreground(runtime.console(lab, node, lines, follow));
  }

  private static int number(String text) {
    if (!text.matches("\\d{1,9}|all")) {
      throw new Unanswered("logs: '" + text + "' (expected: a number or all)");
    }
    return text.equals("all") ? -1 : Integer.parseInt(text);
  }

  /// A file into a node or out of it.
  private int copy(LabRecord lab, Deque<String> rest) throws IOException {
    List<String> ends = names(rest, Set.of(), Set.of("-a", "-L", "-q", "--quiet"));
    if (ends.size() != 2 || ends.getFirst().contains(":") == ends.getLast().contains(":")) {
      throw new Unanswered("cp: (expected: FILE NODE:FILE or NODE:FILE FILE)");
    }
    boolean into = ends.getLast().contains(":");
    String there = into ? ends.getLast() : ends.getFirst();
    Path here = Path.of(into ? ends.getFirst() : ends.getLast());
    LabRecord.Node node = node(lab, there.substring(0, there.indexOf(':')));
    String path = there.substring(there.indexOf(':') + 1);
    if (into) {
      if (!Files.isRegularFile(here)) {
        throw new Unanswered("cp: " + here + " (expected: a file; directories are not copied)");
      }
      List<String> write =
          List.of(
              "sh",
              "-c",
              "if [ -d \"$1\" ]; then cat >\"$1/$2\"; else cat >\"$1\"; fi",
              "sh",
              path,
              String.valueOf(here.getFileName()));
      return ShellCommands.foreground(
          runtime.inside(lab, node, write, Attachment.PIPE),
          ProcessBuilder.Redirect.from(here.toFile()));
    }
    Path to = Files.isDirectory(here) ? here.resolve(Path.of(path).getFileName()) : here;
    LabRuntime.ExecResult probe =
        runtime.exec(lab, node, List.of("test", "-f", path), Duration.ofSeconds(30));
    if (probe.exitCode() != 0) {
      throw new LabException(
          "Could not find the file " + path + " in container " + node.container());
    }
    try {
      return new ProcessBuilder(runtime.inside(lab, node, List.of("cat", path), Attachment.PIPE))
          .redirectOutput(to.toFile())
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /// A container that is stopped is a node whose power is off: its links lose their carrier.
  private void change(LabRecord lab, String verb, LabRecord.Node node) {
    Cuts cuts = new CuttableLab(runtime, lab).cuts();
    switch (verb) {
      case "pause" -> cuts.cut(node.name(), Cut.OfNode.NODE_FREEZE);
      case "stop", "kill" -> cuts.cut(node.name(), Cut.OfNode.NODE_KILL);
      case "restart" -> {
        cuts.cut(node.name(), Cut.OfNode.NODE_KILL);
        cuts.restore(node.name());
      }
      case "unpause", "start" -> cuts.restore(node.name());
      default -> throw new Unanswered("'" + verb + "' is not answered");
    }
  }

  /// The commands that ours answer to the same options; the lab is this one, whatever file is
  /// named.
  private int containerlab(LabRecord lab, Deque<String> rest, PrintWriter out) {
    String verb = next(rest);
    String own =
        switch (verb) {
          case "exec", "ex" -> "exec";
          case "inspect", "ins", "i" -> "inspect";
          case "save" -> "save";
          case "version" -> {
            out.println("version: 0.79, answered by donut for the lab " + lab.lab());
            yield "";
          }
          default ->
              throw new Unanswered(
                  "'%s' is not answered (answered: exec, inspect, save, version): the lab %s is up and"
                          .formatted(verb, lab.lab())
                      + " stays up");
        };
    if (own.isEmpty()) {
      return 0;
    }
    List<String> arguments = new ArrayList<>(List.of(own, "--name", lab.lab()));
    while (!rest.isEmpty()) {
      String word = next(rest);
      if (Set.of("-t", "--topo", "--name", "-n").contains(word)) {
        next(rest);
      } else if (!word.matches("--(topo|name)=.*|-a|--all")) {
        arguments.add(word);
      }
    }
    CommandLine line =
        new CommandLine(new LabCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(out)
            .setErr(spec.commandLine().getErr());
    int code = line.execute(arguments.toArray(String[]::new));
    return code == CommandLine.ExitCode.USAGE ? REFUSED : code;
  }
}
