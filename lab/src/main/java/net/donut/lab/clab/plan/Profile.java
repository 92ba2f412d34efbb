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
  IDLE("sh", "dash");

  private final String program;
  private final String debianPackage;

  Profile(String program, String debianPackage) {
    this.program = program;
    this.debianPackage = debianPackage;
  }

  /// The program that must be there, a name or a path.
  public String program() {
    return program;
  }

  public String debianPackage() {
    return debianPackage;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Profile> of(String word) {
    return Arrays.stream(values()).filter(profile -> profile.word().equals(word)).findFirst();
  }
}
