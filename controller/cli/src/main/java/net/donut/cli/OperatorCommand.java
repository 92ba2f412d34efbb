package net.donut.cli;

import java.io.PrintWriter;
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

  protected PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
