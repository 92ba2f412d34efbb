package net.donut.agent.service;

import java.util.List;
import java.util.function.Consumer;
import net.donut.agent.fib.ForwardingPort;
import net.donut.agent.rib.BgpEdge;
import net.donut.agent.rib.RibThread;
import net.donut.bfd.BfdSettings;
import net.donut.bgp.BgpSpeaker;

/// What [AgentState] acts upon. Each part may be told something from any thread.
///
/// @param bfd takes all sessions that BFD is to have
/// @param forwarding hears which gateways to avoid, and how long what returns is held
public record AgentParts(
    RibThread rib,
    BgpSpeaker speaker,
    BgpEdge edge,
    Consumer<List<BfdSettings>> bfd,
    ForwardingPort forwarding) {}
