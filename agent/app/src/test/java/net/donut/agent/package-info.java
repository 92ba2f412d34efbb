/// Tests of the agent as a whole.
@NullMarked
package net.donut.agent;

import org.jspecify.annotations.NullMarked;
