package net.donut.lab.cli;

import java.util.List;
import java.util.Optional;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.LabException;
import net.donut.lab.net.ProcessId;
import net.donut.lab.run.DonutFiles;
import net.donut.lab.run.HeldLab;

/// The names that users have for labs: that of its file, and of a donut network the one it was
/// brought up with.
final class LabNames {
  /// The name of the donut network unless another is given.
  static final String DONUT = "donut";

  private LabNames() {}

  /// All labs there are.
  static List<String> all() {
    return LabRecord.names().stream().map(LabNames::shown).sorted().toList();
  }

  /// The name under which a lab is deployed.
  static String deployed(String given) {
    String ofDonut = DonutFiles.deployedName(given);
    List<String> names = LabRecord.names();
    return !names.contains(given) && names.contains(ofDonut) ? ofDonut : given;
  }

  /// What a user calls a lab that is deployed.
  static String shown(String deployed) {
    return holder(deployed).map(HeldLab::lab).orElse(deployed);
  }

  /// Who holds a lab up; empty for one that holds by itself.
  static Optional<HeldLab> holder(String deployed) {
    return HeldLab.names().stream()
        .filter(name -> DonutFiles.deployedName(name).equals(deployed))
        .findFirst()
        .flatMap(HeldLab::read);
  }

  /// The lab that is meant where none is named: the only one there is. Throws LabException saying
  /// what to do where there is none or more than one.
  static String only() {
    List<String> names = all();
    if (names.size() == 1) {
      return deployed(names.getFirst());
    }
    throw new LabException(
        names.isEmpty()
            ? "no lab is up: bring the donut network up with: donut lab up, or deploy a file with:"
                + " donut lab deploy -t FILE"
            : "%d labs are up: %s (expected: --name LAB or -t FILE)"
                .formatted(names.size(), String.join(", ", names)));
  }

  /// The record of a lab. Throws LabException saying how to get it.
  static LabRecord require(String deployed) {
    return LabRecord.read(deployed)
        .orElseThrow(() ->
            new LabException(
                "no lab '%s' is up (labs: %s): %s"
                    .formatted(
                        deployed,
                        all(),
                        deployed.equals(DONUT)
                            ? "bring it up with: donut lab up"
                            : "deploy it with: donut lab deploy -t FILE")));
  }

  /// Throws LabException for a lab whose holder was killed.
  static void requireHeld(String deployed) {
    holder(deployed)
        .filter(state -> state.owner().filter(ProcessId::isAlive).isEmpty())
        .ifPresent(state -> {
          throw new LabException(
              "lab '%s' was killed and left things behind: remove them with: donut lab down --name %s"
                  .formatted(state.lab(), state.lab()));
        });
  }
}
