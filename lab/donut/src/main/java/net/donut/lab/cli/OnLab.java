package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.run.LabRecord;
import picocli.CommandLine.Mixin;

/// A command on a lab that is up, whichever it is.
abstract class OnLab extends ClabCommand {
  @Mixin private Lab lab = new Lab();

  @Override
  final int act(PrintWriter out) throws IOException {
    LabRecord record = recordOf(lab);
    LabNames.requireHeld(record.lab());
    act(record, out);
    return 0;
  }

  abstract void act(LabRecord record, PrintWriter out) throws IOException;

  CuttableLab cuttable(LabRecord record) {
    return new CuttableLab(runtime, record);
  }

  /// Says which command is meant now by an old one, which works for one version more.
  void tellNewWord(String command) {
    tell(
        "donut: '%s' is now 'donut lab %s', and ends with the next version"
            .formatted(spec.qualifiedName(), command));
  }
}
