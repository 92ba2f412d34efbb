/// A BGP-4 speaker as a library: sessions with many neighbors on one Netty event loop.
///
/// [SessionFsm] is the pure state machine of one neighbor (no clock, socket, thread or logger); the
/// rest drives it. Everything mutable is owned by the event loop that the caller supplies. May
/// depend on the model, the wire codec and Netty.
@NullMarked
package net.donut.bgp;

import org.jspecify.annotations.NullMarked;
