package net.donut.lab.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;

/// What the images of Donut are built on.
///
/// @param program below agent and controller: a small Debian
/// @param lab below donut-lab; may have its packages already
record BaseImages(String program, String lab) {
  /// The packages of a lab's node.
  static final List<String> PACKAGES =
      List.of(
          "bird2", "frr", "iproute2", "iputils-ping", "procps", "tcpdump", "traceroute", "iperf3");

  private static final String SUITE = "bookworm";
  private static final String DISTRIBUTION = "debian:" + SUITE + "-slim";
  private static final BaseImages BOOTSTRAPPED = new BaseImages("donut-base", "donut-root");
  private static final Duration LIMIT = Duration.ofMinutes(20);

  /// The image of that name. Throws LabException when it is not there and cannot be fetched.
  static BaseImages named(Docker docker, String image) {
    if (!docker.hasImage(image)) {
      docker
          .pull(image)
          .ifPresent(why -> {
            throw new LabException("base image " + image + ": " + why);
          });
    }
    return new BaseImages(image, image);
  }

  /// Those that are there, else the distribution's, else made out of its packages.
  static BaseImages found(Docker docker, Consumer<String> story) {
    if (docker.hasImage(BOOTSTRAPPED.program) && docker.hasImage(BOOTSTRAPPED.lab)) {
      return BOOTSTRAPPED;
    }
    if (docker.hasImage(DISTRIBUTION) || docker.pull(DISTRIBUTION).isEmpty()) {
      story.accept("base image: " + DISTRIBUTION);
      return new BaseImages(DISTRIBUTION, DISTRIBUTION);
    }
    story.accept(DISTRIBUTION + " cannot be fetched: making a base of Debian's packages");
    bootstrap(docker);
    return BOOTSTRAPPED;
  }

  private static void bootstrap(Docker docker) {
    for (String program : List.of("debootstrap", "unshare")) {
      if (!Command.exists(program)) {
        throw new LabException("the program '" + program + "' is missing: run ./donut setup");
      }
    }
    Path script = ImageBuild.resource("bootstrap");
    try {
      List<String> line =
          new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private"));
      line.addAll(List.of("sh", script.toString(), SUITE, mirror()));
      line.addAll(docker.prefix());
      line.add("--");
      line.addAll(PACKAGES);
      Command.Result result = Command.tryRun(line, "", LIMIT);
      if (result.exitCode() != 0) {
        String said = (result.output() + result.errors()).strip();
        throw new LabException(
            "debootstrap of " + SUITE + ": " + said.lines().reduce((_, last) -> last).orElse(""));
      }
    } finally {
      delete(script);
    }
  }

  /// Where this machine's own packages come from; empty leaves it to debootstrap.
  private static String mirror() {
    Command.Result targets =
        Command.tryRun(
            List.of("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"),
            "");
    return targets.output().lines().filter(uri -> uri.endsWith("/debian/")).findFirst().orElse("");
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
  }
}
