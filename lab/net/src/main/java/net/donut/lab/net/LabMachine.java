package net.donut.lab.net;

import java.util.List;

/// The machine that labs run on, and what it needs for one.
public final class LabMachine {
  private LabMachine() {}

  /// Says in one line what this machine lacks for a lab; throws LabException with it.
  public static void require() {
    if (!System.getProperty("user.name", "").equals("root")) {
      throw new LabException(
          "the lab needs root (user: "
              + System.getProperty("user.name")
              + "): run it with sudo, or as root in a container with CAP_NET_ADMIN and"
              + " CAP_SYS_ADMIN");
    }
    for (String program : List.of("ip", "tc", "nsenter")) {
      if (!Command.exists(program)) {
        throw new LabException(
            "the lab needs the program '"
                + program
                + "': apt-get install "
                + (program.equals("nsenter") ? "util-linux" : "iproute2"));
      }
    }
  }
}
