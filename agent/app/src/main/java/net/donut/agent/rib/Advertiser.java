package net.donut.agent.rib;

/// Who fills Adj-RIB-Out: one at a time. Called on `agent-rib`.
public interface Advertiser {
  /// Another took over; what this one still says is ignored.
  void superseded();
}
