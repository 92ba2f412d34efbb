package net.donut.lab.net;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A short-lived program: run to its end, with a limit.
public final class Command {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Command() {}

  /// How a program ended.
  public record Result(int exitCode, String output, String errors) {}

  /// Whether a program of that name is on the search path or in a directory for administrators.
  public static boolean exists(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin";
    return Arrays.stream(path.split(":"))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /// Runs a program and returns what it wrote. Throws LabException when it does not exit with 0.
  public static String run(String... command) {
    return run(List.of(command), "");
  }

  public static String run(List<String> command, String input) {
    Result result = tryRun(command, input);
    if (result.exitCode != 0) {
      throw new LabException(
          String.join(" ", command)
              + ": exit "
              + result.exitCode
              + ": "
              + firstLine(result.errors.isBlank() ? result.output : result.errors));
    }
    return result.output;
  }

  /// Runs a program, whatever its exit code.
  public static Result tryRun(List<String> command, String input) {
    return tryRun(command, input, LIMIT);
  }

  /// Runs a program, whatever its exit code, and not longer than a limit.
  public static Result tryRun(List<String> command, String input, Duration limit) {
    Path output = null;
    Path errors = null;
    try {
      output = Files.createTempFile("donut-lab", ".out");
      errors = Files.createTempFile("donut-lab", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      feed(process, input);
      await(process, command, limit);
      return new Result(process.exitValue(), text(output), text(errors));
    } catch (IOException e) {
      throw LabException.of(String.join(" ", command), e);
    } finally {
      delete(output);
      delete(errors);
    }
  }

  /// Starts a program that outlives this one and does not hear the terminal's signals. It knows
  /// nothing of this program's environment.
  public static Process detached(List<String> command, Map<String, String> environment, Path log) {
    List<String> detached = new ArrayList<>(List.of("setsid"));
    detached.addAll(command);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(detached)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().clear();
      builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
      builder.environment().putAll(environment);
      return builder.start();
    } catch (IOException e) {
      throw LabException.of(String.join(" ", command), e);
    }
  }

  private static void feed(Process process, String input) {
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The program ended without reading; its exit code tells.
      process.onExit();
    }
  }

  private static void await(Process process, List<String> command, Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new LabException(
            String.join(" ", command) + ": still running after " + limit.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LabException(String.join(" ", command) + ": interrupted", e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static void delete(@org.jspecify.annotations.Nullable Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("no message");
  }
}
