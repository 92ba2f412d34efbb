package net.donut.lab.clab.parse;

import java.nio.file.Path;
import java.util.List;
import net.donut.lab.net.Command;

/// The words of a lab's name that stand for the commit its file is of.
record GitWords(Path file) {

  /// A name with every word replaced.
  String in(String name) {
    String out = name;
    if (out.contains("__gitBranch__")) {
      out = out.replace("__gitBranch__", git("--abbrev-ref").replace('/', '-'));
    }
    if (out.contains("__gitHash__")) {
      out = out.replace("__gitHash__", git("--short"));
    }
    return out;
  }

  private String git(String form) {
    String directory = file.toAbsolutePath().resolveSibling("").toString();
    Command.Result result =
        Command.tryRun(List.of("git", "-C", directory, "rev-parse", form, "HEAD"), "");
    return result.exitCode() == 0 ? result.output().strip() : "none";
  }
}
