/// What connects one owner thread to the next: bounded queues, coalescing queues and the ownership
/// check. The only package with locks. Depends on the JDK.
@NullMarked
package net.donut.model.queue;

import org.jspecify.annotations.NullMarked;
