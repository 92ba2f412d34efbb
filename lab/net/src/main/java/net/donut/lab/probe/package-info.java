/// Measuring what a network does to traffic: sequenced UDP streams, and the way packets take by the
/// kernels' own lookups.
///
/// One sender thread and one receiver thread for all streams; each owns what it counts and is asked
/// by messages.
@NullMarked
package net.donut.lab.probe;

import org.jspecify.annotations.NullMarked;
