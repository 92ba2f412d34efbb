/// Nodes as containers of a Docker engine. A container that does nothing holds a node's network, so
/// that links stand before the node starts and stay when it ends. Runs on the caller's thread;
/// waits are bounded.
@NullMarked
package net.donut.lab.clab.container;

import org.jspecify.annotations.NullMarked;
