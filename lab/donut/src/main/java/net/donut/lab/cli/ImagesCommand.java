package net.donut.lab.cli;

import java.io.PrintWriter;
import net.donut.lab.docker.ImageBuild;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `donut lab images`.
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    description = {
      "Build the images donut-agent, donut-controller and donut-lab (BIRD, FRR and tools), on a",
      "Debian that can be fetched, or else on one made out of its packages."
    },
    footer = {"", "Example: donut lab images --base debian:bookworm-slim"})
final class ImagesCommand extends ClabCommand {
  @Option(
      names = "--base",
      paramLabel = "IMAGE",
      description = "A Debian to build on (default: debian:bookworm-slim, else made here).")
  private String base = "";

  @Override
  int act(PrintWriter out) {
    ImageBuild.build(
        base,
        line -> {
          out.println(line);
          out.flush();
        });
    return 0;
  }
}
