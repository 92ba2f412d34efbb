/// Tests of the agent's routing tables against naive ones.
@NullMarked
package net.donut.agent.rib;

import org.jspecify.annotations.NullMarked;
