/// Nodes as namespaces: network, mounts, processes, host name; programs of this machine in place of
/// images. Runs on the caller's thread; waits are bounded.
@NullMarked
package net.donut.lab.clab.netns;

import org.jspecify.annotations.NullMarked;
