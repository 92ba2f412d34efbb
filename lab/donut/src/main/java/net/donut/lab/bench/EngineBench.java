package net.donut.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Launcher;
import net.donut.lab.table.PrefixList;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// Measures the parts of Donut by themselves, each in a Java machine of its own.
public final class EngineBench {
  private static final Duration PART_LIMIT = Duration.ofMinutes(15);

  private EngineBench() {}

  /// What is measured by itself.
  public enum Part {
    ENGINE,
    GRIBI,
    NETLINK
  }

  /// @param prefixes a list of real prefixes; null to look for it and else to generate some
  public record Options(int routes, int feeds, long seed, @Nullable Path prefixes) {
    public Options {
      if (routes < 100 || routes > 4_000_000) {
        throw new IllegalArgumentException("routes: " + routes + " (expected: 100..4000000)");
      }
      if (feeds < 2 || feeds > 60) {
        throw new IllegalArgumentException("feeds: " + feeds + " (expected: 2..60)");
      }
    }
  }

  /// Measures a part in this process.
  public static List<Measurement> measure(Part part, Options options) {
    PrefixList list =
        PrefixList.find(options.prefixes(), Family.IPV4, options.routes(), options.seed());
    return switch (part) {
      case ENGINE -> new EngineLoad(list, options.feeds(), options.seed()).measure();
      case GRIBI -> new GribiCodec(list.prefixes()).measure();
      case NETLINK -> new NetlinkLoad(list.prefixes()).measure();
    };
  }

  /// Measures a part in a fresh process.
  public static List<Measurement> measureApart(Part part, Options options, Path logs) {
    Path output = logs.resolve("engine-" + word(part) + ".json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "bench",
                "engine",
                "--part",
                word(part),
                "--routes",
                Integer.toString(options.routes()),
                "--feeds",
                Integer.toString(options.feeds()),
                "--seed",
                Long.toString(options.seed()),
                "-o",
                "json"));
    if (options.prefixes() != null) {
      arguments.addAll(List.of("--prefixes", options.prefixes().toString()));
    }
    run(Launcher.command(arguments), output, logs.resolve("engine-" + word(part) + ".log"));
    return parse(output);
  }

  private static String word(Part part) {
    return part.name().toLowerCase(Locale.ROOT);
  }

  private static void run(List<String> command, Path output, Path log) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(log.toFile())
              .start();
      try {
        if (!process.waitFor(PART_LIMIT.toSeconds(), TimeUnit.SECONDS)
            || process.exitValue() != 0) {
          throw new LabException("bench engine: no result in " + output + ", see " + log);
        }
      } finally {
        process.destroyForcibly().onExit().join();
        NetlinkLoad.namespaceOf(process.pid()).delete();
      }
    } catch (IOException e) {
      throw LabException.of(output, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private static List<Measurement> parse(Path output) {
    try {
      List<Measurement> figures = new ArrayList<>();
      JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(output));
      json.path("figures")
          .forEach(figure ->
              figures.add(
                  new Measurement(
                      figure.path("key").asText(),
                      figure.path("what").asText(),
                      figure.path("value").asDouble())));
      return figures;
    } catch (IOException e) {
      throw LabException.of(output, e);
    }
  }
}
