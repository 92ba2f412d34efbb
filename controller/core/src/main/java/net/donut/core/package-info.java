/// The decision of the whole network as one pure object: columns of paths, policy verdicts, exit
/// lists, classes, forwarding of every router, exports, and the questions operators ask of them.
///
/// One thread, the owner of the [Engine]; no I/O, no clock, no logger. Depends on the model only.
@NullMarked
package net.donut.core;

import org.jspecify.annotations.NullMarked;
