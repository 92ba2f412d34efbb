/// Tests of the agent's BFD, with real neighbors in network namespaces.
@NullMarked
package net.donut.agent.bfd;

import org.jspecify.annotations.NullMarked;
