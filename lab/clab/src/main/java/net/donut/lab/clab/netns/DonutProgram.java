package net.donut.lab.clab.netns;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.donut.lab.clab.plan.Shell;
import net.donut.lab.net.Launcher;

/// The program `donut` inside a node: this build, on the same Java.
final class DonutProgram {
  private static final int PARTS_OF_A_PLACE = 2;

  private DonutProgram() {}

  /// Lines that bring it in sight and write a command `donut`, while this machine's root is still
  /// at `/.host`.
  static String lines() {
    List<String> command = Launcher.command(List.of());
    StringBuilder script = new StringBuilder();
    for (Path place : places(command)) {
      String quoted = Shell.quote(place.toString());
      script.append("bind %s %s ro\n".formatted(quoted, quoted));
    }
    return script
        .append("mkdir -p /usr/local/bin /etc/donut /var/lib/donut /run/donut\n")
        .append("put /usr/local/bin/donut <<'END-OF-DONUT'\n")
        .append("#!/bin/sh\nexec %s \"$@\"\nEND-OF-DONUT\n".formatted(Shell.quote(command)))
        .append("chmod 755 /usr/local/bin/donut\n")
        .toString();
  }

  /// What of this machine a node does not see by itself: places below `/tmp` and mounts other than
  /// the root. Two parts of a path are a place, so that a class path of a hundred files is a few.
  private static List<Path> places(List<String> command) {
    Set<Path> places = new LinkedHashSet<>();
    for (Path file : files(command)) {
      boolean isSystem = file.startsWith("/usr") || file.startsWith("/opt");
      if (!isSystem && file.getNameCount() > PARTS_OF_A_PLACE) {
        places.add(Path.of("/").resolve(file.subpath(0, PARTS_OF_A_PLACE)));
      }
    }
    return List.copyOf(places);
  }

  private static List<Path> files(List<String> command) {
    List<Path> files = new ArrayList<>();
    for (String word : command) {
      for (String part : word.split(File.pathSeparator)) {
        String path = part.substring(part.indexOf('=') + 1);
        if (path.startsWith("/")) {
          files.add(Path.of(path).normalize());
        }
      }
    }
    return files;
  }
}
