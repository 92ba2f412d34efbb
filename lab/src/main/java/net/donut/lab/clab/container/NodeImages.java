package net.donut.lab.clab.container;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.donut.lab.clab.model.NodeDefinition.PullPolicy;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.docker.Docker;
import net.donut.lab.net.LabException;

/// Which image a node starts from: its own, or `donut-lab` where that cannot be had and a profile
/// stands for it.
record NodeImages(Docker docker) {
  /// Holds networks, and runs what stands for other images.
  static final String LAB = "donut-lab";

  /// Fetches what is missing, each image once. Throws LabException for an image that cannot be had
  /// and that nothing stands for.
  ///
  /// @return which images another stands for, a sentence each
  List<String> prepare(Plan plan) {
    if (!docker.hasImage(LAB)) {
      throw new LabException("image " + LAB + " is not there: make it with: ./donut lab images");
    }
    Map<String, String> notes = new LinkedHashMap<>();
    for (Plan.Node node : plan.nodes()) {
      if (node.definition().isExternal()) {
        continue;
      }
      String image = node.definition().image();
      if (!notes.containsKey(image)) {
        notes.put(image, reasonForStandIn(node).map(why -> note(node, why)).orElse(""));
      }
    }
    return notes.values().stream().filter(note -> !note.isEmpty()).toList();
  }

  /// Empty when a node's image is there.
  private Optional<String> reasonForStandIn(Plan.Node node) {
    String image = node.definition().image();
    PullPolicy policy = node.definition().container().pull();
    boolean there = docker.hasImage(image);
    if (policy == PullPolicy.NEVER || (there && policy == PullPolicy.IF_NOT_PRESENT)) {
      return there ? Optional.empty() : Optional.of("image-pull-policy is Never");
    }
    return docker.pull(image).filter(_ -> !there);
  }

  private static String note(Plan.Node node, String reason) {
    String image = node.definition().image();
    return node.known()
        .filter(profile -> profile.entrypoint().isEmpty())
        .map(profile ->
            "image %s is not there (%s): %s of %s stands for it"
                .formatted(image, reason, profile.word(), LAB))
        .orElseThrow(() ->
            new LabException(
                "node %s: image %s is not there (%s) and nothing stands for it: load it with docker"
                        .formatted(node.name(), image, reason)
                    + " load, or say what it is with --images FILE, or make those of Donut with: ./donut"
                    + " lab images"));
  }

  boolean isStandIn(Plan.Node node) {
    return !docker.hasImage(node.definition().image());
  }
}
