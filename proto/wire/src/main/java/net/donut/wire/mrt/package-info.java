/// MRT dumps of routing tables and messages (RFC 6396, RFC 8050): a streaming reader and the text
/// form of `bgpdump -m`. Usable from any thread, one reader by one thread at a time; depends on the
/// BGP codec and on decompressors.
@NullMarked
package net.donut.wire.mrt;

import org.jspecify.annotations.NullMarked;
