package net.donut.lab.clab.container;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.donut.lab.clab.model.NodeDefinition.PullPolicy;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Profile;
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
    Map<String, Optional<String>> reasons = new LinkedHashMap<>();
    Map<String, String> notes = new LinkedHashMap<>();
    Map<String, List<String>> lacking = new LinkedHashMap<>();
    Map<String, String> why = new LinkedHashMap<>();
    for (Plan.Node node : plan.nodes()) {
      if (node.definition().isExternal()) {
        continue;
      }
      String image = node.definition().image();
      Optional<String> reason = reasons.computeIfAbsent(image, _ -> reasonForStandIn(node));
      if (reason.isPresent() && hasStandIn(node)) {
        notes.putIfAbsent(image, note(node, reason.get()));
      } else if (reason.isPresent()) {
        lacking.computeIfAbsent(image, _ -> new ArrayList<>()).add(node.name());
        why.put(image, reason.get());
      }
    }
    if (!lacking.isEmpty()) {
      throw missing(lacking, why);
    }
    return List.copyOf(notes.values());
  }

  /// The nodes whose image cannot be had and that nothing stands for, each with the reason.
  Map<String, String> unavailable(Plan plan) {
    Map<String, String> nodes = new LinkedHashMap<>();
    Map<String, Optional<String>> reasons = new LinkedHashMap<>();
    for (Plan.Node node : plan.nodes()) {
      String image = node.definition().image();
      if (!node.definition().isExternal() && !hasStandIn(node)) {
        reasons
            .computeIfAbsent(image, _ -> reasonForStandIn(node))
            .ifPresent(why ->
                nodes.put(node.name(), "image '%s' is not there (%s)".formatted(image, why)));
      }
    }
    return nodes;
  }

  private static boolean hasStandIn(Plan.Node node) {
    return node.known().filter(profile -> profile.entrypoint().isEmpty()).isPresent();
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
    return "image %s is not there (%s): %s of %s stands for it"
        .formatted(
            node.definition().image(), reason, node.known().orElse(Profile.IDLE).word(), LAB);
  }

  private static LabException missing(Map<String, List<String>> nodes, Map<String, String> why) {
    List<String> lines = new ArrayList<>();
    nodes.forEach((image, names) ->
        lines.add(
            "node %s: image %s is not there (%s) and nothing stands for it"
                .formatted(String.join(", ", names), image, why.get(image))));
    lines.add(
        "load images with docker load, say what they are with --images FILE, make those of Donut with:"
            + " ./donut lab images, or deploy the rest with --skip-unsupported-nodes");
    return new LabException(String.join("\n", lines));
  }

  boolean isStandIn(Plan.Node node) {
    return !docker.hasImage(node.definition().image());
  }
}
