package net.donut.lab.probe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import net.donut.lab.net.LabNetwork;
import net.donut.lab.topology.Link;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.Subscription;

/// When the kernels at both ends of a link say that its carrier is gone: the part of an outage that
/// no routing software can do anything about.
public final class CarrierWatch implements AutoCloseable {
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, Long> lost = new ConcurrentHashMap<>();

  /// Watches both ends of a link; when this returns, nothing is missed.
  public CarrierWatch(LabNetwork network, Link link) {
    for (Link.End end : List.of(link.a(), link.b())) {
      NetworkNamespace inside = NetworkNamespace.open(network.namespace(end.node()).name());
      open.add(inside);
      open.add(
          NetlinkMonitor.start(
              NetlinkMonitor.Options.of("carrier-" + end.node(), Subscription.LINK),
              inside.threadFactory("carrier-" + end.node()),
              event -> heard(end, event)));
    }
  }

  private void heard(Link.End end, KernelEvent event) {
    if (event instanceof KernelEvent.LinkChanged(var link)
        && link.name().equals(end.device())
        && !link.hasCarrier()) {
      lost.putIfAbsent(end.node(), System.nanoTime());
    }
  }

  /// `System.nanoTime` when a node's kernel said so; empty if it has not.
  public OptionalLong lostAt(String node) {
    Long nanos = lost.get(node);
    return nanos == null ? OptionalLong.empty() : OptionalLong.of(nanos);
  }

  /// Milliseconds from `since` to the word of each kernel that said so.
  public Map<String, Double> millisSince(long since) {
    Map<String, Double> millis = new LinkedHashMap<>();
    lost.forEach((node, nanos) -> millis.put(node, (nanos - since) / 1e6));
    return millis;
  }

  @Override
  public void close() {
    for (AutoCloseable part : open.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        throw new net.donut.lab.net.LabException("carrier watch: " + e.getMessage(), e);
      }
    }
    open.clear();
  }
}
