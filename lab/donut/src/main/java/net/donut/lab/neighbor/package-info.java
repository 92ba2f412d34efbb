/// The networks around ours: real BIRD and FRR where they are installed, our own speaker where not,
/// and the feeder that gives them the rest of the Internet.
///
/// [OwnRouter] and [Feeder] run on the event loops of their speakers; everything else on the thread
/// that runs the lab.
@NullMarked
package net.donut.lab.neighbor;

import org.jspecify.annotations.NullMarked;
