/// What a policy would do with an internet on file: dumps into the engine of the core, questions,
/// and a report. One thread does everything; depends on core, MRT codec, reports, and the reader of
/// policy files.
@NullMarked
package net.donut.simulate;

import org.jspecify.annotations.NullMarked;
