package net.donut.lab.clab.run;

import java.nio.file.Path;
import java.util.Optional;
import net.donut.lab.net.DirectoryTree;
import net.donut.lab.net.LabException;

/// Ending labs.
public final class Labs {
  private Labs() {}

  /// What becomes of the lab directory.
  public enum Directory {
    KEEP,
    DELETE
  }

  /// Removes a lab, whole or partial. One that is being deployed by another process is a
  /// LabException.
  public static void destroyIfThere(LabRuntime runtime, String name, Directory directory) {
    Optional<LabRecord> found = LabRecord.read(name);
    if (found.isEmpty()) {
      return;
    }
    LabRecord lab = found.get();
    if (lab.isBeingDeployed() && lab.owner().pid() != ProcessHandle.current().pid()) {
      throw new LabException(
          "lab '%s' is being deployed by process %d: end that first"
              .formatted(name, lab.owner().pid()));
    }
    runtime.destroy(lab);
    if (directory == Directory.DELETE) {
      DirectoryTree.delete(Path.of(lab.directory()));
    }
  }
}
