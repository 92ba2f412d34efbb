/// The decision of the whole network as one pure object: columns of paths, policy verdicts, exit
/// lists, classes, forwarding of every router, exports, and the questions operators ask of them.
///
/// One thread, the owner of the [Engine]; no I/O, no clock, no logger. Depends on the model only.
/// What goes in is in `policy` and beside the engine; what a commit hands on is in `change`, what
/// questions are answered with in `answer`; `decision` knows nothing else of the core.
@NullMarked
package net.donut.core;

import org.jspecify.annotations.NullMarked;
