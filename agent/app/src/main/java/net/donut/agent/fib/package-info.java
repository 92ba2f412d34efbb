/// Intent and kernel: the forwarding state a gRIBI client asked for, and the next hops, groups and
/// routes that carry it in Linux. One thread, `agent-fib`, owns everything mutable here and is
/// reached through the mailbox of [net.donut.agent.fib.Fib]. May depend on `net.donut.model` and
/// `net.donut.netlink`; knows neither gRPC nor protobuf.
@NullMarked
package net.donut.agent.fib;

import org.jspecify.annotations.NullMarked;
