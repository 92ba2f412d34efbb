/// BFD (RFC 5880, RFC 5881) as a pure state machine: [BfdSession] takes events and gives actions.
///
/// No clock, socket, thread or logger; chance comes in as a generator. Asynchronous mode over one
/// hop, without Echo, authentication and Demand of our own. Used by whoever has sockets and timers,
/// on its thread. May depend on the wire codec.
@NullMarked
package net.donut.bfd;

import org.jspecify.annotations.NullMarked;
