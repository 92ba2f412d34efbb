/// Recordings: what an owner thread was told, in a file, so that a test can tell it the same again.
/// The format, and who writes and reads it; what the inputs are is known to the package whose owner
/// it is. Depends on `net.donut.model.queue`.
@NullMarked
package net.donut.model.record;

import org.jspecify.annotations.NullMarked;
