package net.donut.lab.net;

import java.util.List;

/// A network of nodes and wires that can be cut.
public interface Cuttable {

  /// A link as a cut sees it: a wire between two nodes.
  ///
  /// @param a the node at the first end
  /// @param b the node at the second end
  record Cable(String name, LabWire wire, String a, String b) {
    boolean touches(String node) {
      return a.equals(node) || b.equals(node);
    }

    String peer(String node) {
      return a.equals(node) ? b : a;
    }
  }

  /// Where the ends of all links meet.
  Namespace wire();

  List<Cable> cables();

  /// The link of a name. Throws IllegalArgumentException naming those there are.
  Cable cable(String name);

  /// The links that a name stands for: that of the name, or all links of a bridge. Throws
  /// IllegalArgumentException naming those there are.
  default List<Cable> cablesOf(String name) {
    return List.of(cable(name));
  }

  /// The name of a node as [Cable] has it. Throws IllegalArgumentException naming those there are.
  String node(String name);

  /// The name of a link or node. Throws IllegalArgumentException naming those there are.
  String target(String name);

  /// The links that are restored with a target: those of a bridge.
  default List<String> guests(String target) {
    return List.of();
  }

  /// Sets a link's interface down at the end that [Cut.Plain#ADMIN_DOWN] is about.
  void shut(Cable cable);

  /// Undoes [#shut]: the interface is up and has its addresses and routes.
  void reopen(Cable cable);

  /// Whether a node has processes of its own.
  boolean isRunning(String node);

  /// Throws LabException where a node cannot fail in this way.
  default void require(String node, Cut.OfNode how) {}

  /// Ends a node's processes at once, and takes what carrier it has besides its links.
  void kill(String node);

  /// Undoes [#kill].
  void revive(String node);

  /// Stops a node's processes where they are.
  void freeze(String node);

  /// Undoes [#freeze].
  void thaw(String node);
}
