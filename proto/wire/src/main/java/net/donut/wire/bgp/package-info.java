/// BGP-4 messages and their codec: bytes to model and back, pure (no clock, logger, thread or
/// static state).
@NullMarked
package net.donut.wire.bgp;

import org.jspecify.annotations.NullMarked;
