/// The routing tables of an agent: what each session announced (Adj-RIB-In), what is announced to
/// each (Adj-RIB-Out), and who is told of changes. Everything here belongs to the thread
/// `agent-rib`, reached through [net.donut.agent.rib.RibThread]; knows neither gRPC nor protobuf
/// nor sockets.
@NullMarked
package net.donut.agent.rib;

import org.jspecify.annotations.NullMarked;
