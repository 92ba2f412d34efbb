package net.donut.controller.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.donut.api.PolicyChecker.Problem;
import net.donut.controller.policy.Section.Entry;
import net.donut.core.policy.Filters;
import net.donut.core.policy.Timers;
import net.donut.model.Prefix;
import net.donut.model.ReturnHolds;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads a policy file, collecting every mistake instead of stopping at the first.
public final class PolicyReader {
  private static final List<String> KEYS =
      List.of("as", "networks", "routers", "links", "neighbors", "filters", "timers", "simulate");

  /// Three times what a policy needs.
  private static final int MOST_LEVELS = 16;

  /// What came of a text: the document unless there is an error, and the problems in file order.
  public record Reading(@Nullable PolicyDocument document, List<Problem> problems) {}

  private final String text;
  private final PolicyProblems problems;

  private PolicyReader(String file, String text) {
    this.text = text;
    this.problems = new PolicyProblems(file);
  }

  public static Reading read(String file, String text) {
    return new PolicyReader(file, text).read();
  }

  private Reading read() {
    Node root = compose();
    PolicyDocument document = root == null ? null : document(root);
    return new Reading(problems.hasErrors() ? null : document, problems.sorted());
  }

  private @Nullable Node compose() {
    LoadSettings settings =
        LoadSettings.builder().setUseMarks(true).setAllowDuplicateKeys(true).build();
    try {
      if (isTooDeep(settings)) {
        return null;
      }
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        problems.error(
            PolicyPlace.START,
            "policy: the file is empty (expected: as, networks, routers, neighbors)");
      }
      return root.orElse(null);
    } catch (MarkedYamlEngineException e) {
      if (!tabs()) {
        problems.error(
            e.getProblemMark().map(PolicyPlace::of).orElse(PolicyPlace.START),
            "YAML: " + syntax(e));
      }
    } catch (RuntimeException e) {
      // The parser has more to throw than its own exceptions, for tags and characters out of reach.
      problems.error(
          PolicyPlace.START,
          "YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    return null;
  }

  /// Composing is recursive: a file nested without end would end the thread's stack.
  private boolean isTooDeep(LoadSettings settings) {
    int levels = 0;
    for (Event event : new org.snakeyaml.engine.v2.api.lowlevel.Parse(settings).parseString(text)) {
      switch (event.getEventId()) {
        case SequenceStart, MappingStart -> levels++;
        case SequenceEnd, MappingEnd -> levels--;
        default -> {}
      }
      if (levels > MOST_LEVELS) {
        problems.error(
            event.getStartMark().map(PolicyPlace::of).orElse(PolicyPlace.START),
            "nesting: %d levels (expected: at most %d)".formatted(levels, MOST_LEVELS));
        return true;
      }
    }
    return false;
  }

  private static String syntax(MarkedYamlEngineException e) {
    String problem = e.getProblem() == null ? "syntax" : e.getProblem().strip();
    String context = e.getContext() == null ? "" : e.getContext().strip();
    return context.isEmpty() ? problem : context + ": " + problem;
  }

  /// Reports every line indented with a tab, the most common reason for a syntax error.
  private boolean tabs() {
    int number = 0;
    boolean any = false;
    for (String line : text.lines().toList()) {
      number++;
      int indent = 0;
      while (indent < line.length() && line.charAt(indent) == ' ') {
        indent++;
      }
      if (indent < line.length() && line.charAt(indent) == '\t') {
        any = true;
        problems.error(
            new PolicyPlace(number, indent + 1), "indentation: a tab (expected: spaces)");
      }
    }
    return any;
  }

  private @Nullable PolicyDocument document(Node root) {
    if (!(root instanceof MappingNode)) {
      problems.error(
          PolicyPlace.of(root),
          "policy: %s (expected: as, networks, routers, neighbors)".formatted(Section.kind(root)));
      return null;
    }
    Section top = Section.ofKeys("", PolicyPlace.START, root, problems, KEYS);
    Long localAs = top.value("as", Parse.ASN, Parse::asn);
    List<Prefix> networks = networks(top);
    RouterReader routers = new RouterReader(problems);
    routers.read(top);
    InternalLinkReader links = new InternalLinkReader(problems, routers);
    links.read(top);
    Filters filters = FilterReader.read(top);
    NeighborReader neighbors = new NeighborReader(problems, routers, localAs, filters);
    neighbors.read(top);
    Timers timers = timers(top);
    if (localAs == null) {
      return null;
    }
    return new PolicyDocument(
        localAs,
        networks,
        routers.routers(),
        links.links(),
        neighbors.neighbors(),
        filters,
        timers,
        SimulateReader.read(top, problems, neighbors.neighbors()));
  }

  private List<Prefix> networks(Section top) {
    Entry list = top.required("networks", "a list of prefixes");
    if (list == null) {
      return List.of();
    }
    record Located(Prefix prefix, PolicyPlace place) {}
    List<Located> found = new ArrayList<>();
    for (Entry item : top.items(list, "a list of prefixes")) {
      Prefix prefix = top.parse(item, Parse.PREFIX, Parse::prefix);
      if (prefix == null) {
        continue;
      }
      for (Located other : found) {
        if (other.prefix().contains(prefix) || prefix.contains(other.prefix())) {
          problems.error(
              item.place(),
              "%s: %s overlaps %s on line %d (expected: networks without overlap)"
                  .formatted(item.path(), prefix, other.prefix(), other.place().line()));
          break;
        }
      }
      found.add(new Located(prefix, item.place()));
    }
    return found.stream().map(Located::prefix).toList();
  }

  private Timers timers(Section top) {
    Entry entry = top.entry("timers");
    if (entry == null) {
      return Timers.DEFAULT;
    }
    Section timers = top.keys(entry, List.of("stale-hold", "return-hold", "longest-hold"));
    Duration staleHold = duration(timers, "stale-hold", Timers.DEFAULT.staleHold());
    Duration first = duration(timers, "return-hold", ReturnHolds.Range.DEFAULT.first());
    Duration longest = duration(timers, "longest-hold", ReturnHolds.Range.DEFAULT.longest());
    if (longest.compareTo(first) < 0) {
      problems.error(
          entry.place(),
          "timers: longest-hold of %d ms below return-hold of %d ms (expected: not below)"
              .formatted(longest.toMillis(), first.toMillis()));
      return Timers.DEFAULT;
    }
    return new Timers(staleHold, new ReturnHolds.Range(first, longest));
  }

  private static Duration duration(Section timers, String key, Duration otherwise) {
    return timers.valueOr(key, Parse.DURATION, otherwise, Parse::duration);
  }
}
