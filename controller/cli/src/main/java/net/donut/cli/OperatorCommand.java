package net.donut.cli;

import java.io.PrintWriter;
import net.donut.report.text.Pen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What every question to the controller has: where it is, how to print, and the standard options.
@Command(mixinStandardHelpOptions = true, versionProvider = Donut.Version.class)
abstract class OperatorCommand implements Runnable {
  @Mixin protected Controller controller = new Controller();
  @Mixin protected Output output = new Output();
  @Spec protected CommandSpec spec = CommandSpec.create();

  protected PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /// What its output is written with.
  protected Pen pen() {
    return Colour.pen(spec);
  }

  protected PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
