package net.donut.lab.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/// Where a topology file's template has its variables from.
final class VariablesOption {
  @Option(
      names = "--vars",
      paramLabel = "FILE",
      split = ",",
      description =
          "Variables of the file's template; may repeat (default: NAME_vars.yml and the like beside"
              + " it).")
  private List<Path> files = List.of();

  List<Path> files() {
    return files;
  }
}
