/// BFD Control packets and their codec (RFC 5880 §4.1): bytes to values and back, pure (no clock,
/// logger, thread or static state).
///
/// It works on [java.nio.ByteBuffer], not on Netty's buffers, so that the process that speaks BFD
/// loads as little as possible.
@NullMarked
package net.donut.wire.bfd;

import org.jspecify.annotations.NullMarked;
