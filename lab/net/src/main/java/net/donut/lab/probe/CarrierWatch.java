package net.donut.lab.probe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import net.donut.lab.net.LiveNetwork;
import net.donut.lab.net.Namespace;
import net.donut.lab.topology.LabLink;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.Subscription;

/// When the kernel says that a link's carrier is gone: at both ends, and at the link's canary in
/// the wire namespace. The kernel repairs next-hop groups before it says so at an end; at the
/// canary there is nothing to repair, so that is the part of an outage in which it did not know
/// yet.
public final class CarrierWatch implements AutoCloseable {
  private static final String CANARY = "canary";

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, Long> lost = new ConcurrentHashMap<>();

  /// Watches both ends of a link; when this returns, nothing is missed.
  public CarrierWatch(LiveNetwork network, LabLink link) {
    watch(network.wire(), CANARY, network.canary(link));
    for (LabLink.End end : List.of(link.a(), link.b())) {
      watch(network.namespace(end.node()), end.node(), end.device());
    }
  }

  private void watch(Namespace namespace, String name, String device) {
    NetworkNamespace inside = NetworkNamespace.open(namespace.name());
    open.add(inside);
    open.add(
        NetlinkMonitor.start(
            NetlinkMonitor.Options.of("carrier-" + name, Subscription.LINK),
            inside.threadFactory("carrier-" + name),
            event -> heard(name, device, event)));
  }

  private void heard(String name, String device, KernelEvent event) {
    if (event instanceof KernelEvent.LinkChanged(var link)
        && link.name().equals(device)
        && !link.hasCarrier()) {
      lost.putIfAbsent(name, System.nanoTime());
    }
  }

  /// `System.nanoTime` when the kernel began to handle the cut; empty if it has not.
  public OptionalLong knownAt() {
    Long nanos = lost.get(CANARY);
    return nanos == null ? OptionalLong.empty() : OptionalLong.of(nanos);
  }

  /// Milliseconds from `since` to the word of the canary and of each end, by name.
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
