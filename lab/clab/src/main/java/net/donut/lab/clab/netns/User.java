package net.donut.lab.clab.netns;

import java.util.ArrayList;
import java.util.List;

/// Who a program runs as: `NAME`, `NAME:GROUP`, or numbers.
record User(String user, String group) {
  static User of(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new User(text, text)
        : new User(text.substring(0, colon), text.substring(colon + 1));
  }

  /// What to put before a command.
  List<String> command() {
    return new ArrayList<>(
        List.of("setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--"));
  }
}
