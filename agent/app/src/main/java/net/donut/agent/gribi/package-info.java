/// The gRIBI service: sessions, elections, and the gRIBI RIB with its rules of reference. gRPC
/// callbacks only put work into the mailbox of [net.donut.agent.fib.Fib]; everything mutable
/// belongs to its thread, `agent-fib`. Messages are kept as they came wherever a client may read
/// them back. May depend on `net.donut.agent.fib`, gRPC and the generated messages.
@NullMarked
package net.donut.agent.gribi;

import org.jspecify.annotations.NullMarked;
