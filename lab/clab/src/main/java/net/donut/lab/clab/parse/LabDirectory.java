package net.donut.lab.clab.parse;

import java.nio.file.Path;
import java.util.Map;

/// Where a lab keeps its files: `clab-NAME` beside the topology file, or in `CLAB_LABDIR_BASE`.
public final class LabDirectory {
  private LabDirectory() {}

  public static Path of(Path topologyFile, String lab, Map<String, String> environment) {
    String base = environment.getOrDefault("CLAB_LABDIR_BASE", "");
    Path parent = base.isEmpty() ? topologyFile.resolveSibling("") : Path.of(base);
    return parent.toAbsolutePath().resolve("clab-" + lab).normalize();
  }
}
