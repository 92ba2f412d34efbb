package net.donut.simulate;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is asked of a simulation.
record Question(
    List<Path> dumps,
    @Nullable Path vrps,
    @Nullable Path best,
    List<String> changes,
    List<String> addresses) {
  Question {
    dumps = List.copyOf(dumps);
    changes = List.copyOf(changes);
    addresses = List.copyOf(addresses);
  }
}
