package net.donut.lab.story;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.donut.lab.clab.run.LabRuntime;

/// The five networks, one after the other: never two labs at a time, so that they have the same
/// machine.
public final class Stories {
  private Stories() {}

  /// Where the networks' files are in a source tree.
  public static Path directory(Path root) {
    return root.resolve("lab").resolve("topologies").resolve("story");
  }

  /// Runs networks in their order.
  ///
  /// @param stories see [#directory]
  /// @param story hears what happens, a line each
  public static List<NetworkResult> run(
      LabRuntime runtime,
      Path stories,
      List<StoryNetwork> networks,
      StoryLength length,
      Consumer<String> story) {
    List<NetworkResult> results = new ArrayList<>();
    for (StoryNetwork network : networks) {
      story.accept(network.word() + ": " + network.title());
      NetworkResult result = new NetworkRun(runtime, stories, network, length, story).call();
      story.accept("%6.1f s  in all".formatted(result.took().toMillis() / 1e3));
      results.add(result);
    }
    return results;
  }
}
