package net.donut.lab.net;

import java.util.function.Function;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.Topology;
import net.donut.netlink.KernelView;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.NetworkNamespace;

/// A topology that exists in the kernel: where its nodes are, and what cuts its links. Owned by the
/// thread that runs the lab.
public interface LiveNetwork {
  Topology topology();

  /// The namespace of a node. Throws IllegalArgumentException or LabException when there is no such
  /// node.
  Namespace namespace(String node);

  /// Where the ends of all links meet.
  Namespace wire();

  /// What cuts the network and restores it.
  Cuts cuts();

  /// The interface of the wire namespace that loses its carrier first when a link is cut.
  String canary(LabLink link);

  /// Asks the kernel's tables of a node.
  default <T> T inside(String node, Function<KernelView, T> question) {
    try (NetworkNamespace inside = NetworkNamespace.open(namespace(node).name())) {
      return inside.call(() -> {
        try (NetlinkSocket socket = NetlinkSocket.open()) {
          return question.apply(socket.view());
        }
      });
    }
  }
}
