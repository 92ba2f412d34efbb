/// Tests of the queues.
@NullMarked
package net.donut.model.queue;

import org.jspecify.annotations.NullMarked;
