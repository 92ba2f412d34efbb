package net.donut.lab.clab.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What stands for an image on the namespace runtime: programs of this machine.
public enum Profile {
  /// FRRouting: the daemons of `/etc/frr/daemons` under watchfrr, as its image does.
  FRR("/usr/lib/frr/watchfrr", "frr"),
  /// BIRD in the foreground.
  BIRD("bird", "bird2"),
  /// GoBGP when the node has a configuration for it, otherwise idle.
  GOBGP("gobgpd", "gobgpd"),
  /// OpenBGPD in the foreground.
  OPENBGPD("bgpd", "openbgpd"),
  /// Nothing: a host to run commands in.
  IDLE("sh", "dash"),
  /// An agent of Donut: the program of this build.
  DONUT_AGENT("sh", "dash", "donut agent"),
  /// A controller of Donut, which also has the operator's commands.
  DONUT_CONTROLLER("sh", "dash", "donut controller");

  private final String program;
  private final String debianPackage;
  private final String entrypoint;

  Profile(String program, String debianPackage) {
    this(program, debianPackage, "");
  }

  Profile(String program, String debianPackage, String entrypoint) {
    this.program = program;
    this.debianPackage = debianPackage;
    this.entrypoint = entrypoint;
  }

  /// The program that must be there, a name or a path.
  public String program() {
    return program;
  }

  public String debianPackage() {
    return debianPackage;
  }

  /// The image's entrypoint, to which a node's `cmd` is added; empty when the profile starts
  /// programs in a way of its own.
  public String entrypoint() {
    return entrypoint;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<Profile> of(String word) {
    return Arrays.stream(values()).filter(profile -> profile.word().equals(word)).findFirst();
  }
}
