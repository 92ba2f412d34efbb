package net.donut.lab.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A named network namespace, as `ip netns` keeps them.
public record Namespace(String name) {
  private static final Pattern FAILED_LINE = Pattern.compile("Command failed -:(\\d+)");

  /// The file that stands for it.
  public String file() {
    return "/run/netns/" + name;
  }

  /// Deletes it, if it is there.
  public void delete() {
    if (Files.exists(Path.of(file()))) {
      Command.tryRun(List.of("ip", "netns", "del", name), "");
    }
  }

  /// A command line that runs inside it. `nsenter` becomes the program, so the process id is the
  /// program's own, and `/sys` stays as it is.
  public List<String> inside(List<String> command) {
    List<String> line = new ArrayList<>(List.of("nsenter", "--net=" + file(), "--"));
    line.addAll(command);
    return line;
  }

  /// Feeds lines to `ip` inside it; the first refusal throws LabException that names the line.
  public void ip(List<String> lines) {
    batch("ip", lines);
  }

  /// Feeds lines to `tc` inside it; the first refusal throws LabException that names the line.
  public void tc(List<String> lines) {
    batch("tc", lines);
  }

  private void batch(String program, List<String> lines) {
    Command.Result result =
        Command.tryRun(
            List.of(program, "-n", name, "-batch", "-"), String.join("\n", lines) + "\n");
    if (result.exitCode() != 0) {
      throw new LabException(refusal(name, program, lines, result.errors()));
    }
  }

  /// What a batch of `ip` or `tc` was refused, with the line that it stopped at.
  ///
  /// @param errors what the program wrote: the reason, then `Command failed -:NUMBER`
  static String refusal(String namespace, String program, List<String> lines, String errors) {
    Matcher failed = FAILED_LINE.matcher(errors);
    int number = failed.find() ? Integer.parseInt(failed.group(1)) : 0;
    String line = number >= 1 && number <= lines.size() ? " " + lines.get(number - 1) : "";
    String reason = errors.lines().filter(text -> !text.isBlank()).findFirst().orElse("no reason");
    return "network namespace %s: %s%s: %s"
        .formatted(
            namespace, program, line, reason.replaceFirst("^(RTNETLINK answers|Error): ", ""));
  }

  /// Feeds lines to `ip` inside it; those it refuses are passed over.
  void tryIp(List<String> lines) {
    tryBatch("ip", lines);
  }

  /// Feeds lines to `tc` inside it; those it refuses are passed over.
  void tryTc(List<String> lines) {
    tryBatch("tc", lines);
  }

  private void tryBatch(String program, List<String> lines) {
    Command.tryRun(
        List.of(program, "-n", name, "-force", "-batch", "-"), String.join("\n", lines) + "\n");
  }

  /// What a program inside it writes. Throws LabException unless it exits with 0.
  public String run(String... command) {
    return Command.run(inside(List.of(command)), "");
  }

  /// The numbers of the processes in it; none when it is gone.
  public List<Long> processes() {
    if (!Files.exists(Path.of(file()))) {
      return List.of();
    }
    return Command.run("ip", "netns", "pids", name).lines().map(Long::valueOf).toList();
  }

  /// A process in it by the name of its program, of at most 15 characters.
  public Optional<ProcessId> process(String name) {
    return processes().stream()
        .filter(pid -> name.equals(nameOf(pid)))
        .findFirst()
        .flatMap(pid -> ProcessId.of(name, pid));
  }

  private static String nameOf(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "comm")).strip();
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  /// Sends every process in it a signal, such as `STOP`; one that ends meanwhile is fine.
  public void signal(String signal) {
    List<String> processes = processes().stream().map(String::valueOf).toList();
    if (!processes.isEmpty()) {
      Command.tryRun(
          List.of("sh", "-c", "kill -s " + signal + " " + String.join(" ", processes)), "");
    }
  }

  /// Sets `/proc/sys/net/...` values inside it, given as `path=value`; those that do not exist on
  /// this kernel are passed over.
  public void sysctl(List<String> settings) {
    StringBuilder script = new StringBuilder();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      String path = "/proc/sys/net/" + setting.substring(0, equals);
      script.append(
          "[ ! -e %s ] || echo %s > %s\n".formatted(path, setting.substring(equals + 1), path));
    }
    Command.run(inside(List.of("sh", "-e")), script.toString());
  }
}
