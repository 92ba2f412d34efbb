/// The substrate of a lab: network namespaces, links through a wire namespace, cuts, processes
/// inside namespaces, and a state file that lets the next run remove what a killed one left. Runs
/// on the caller's thread; waits are bounded.
@NullMarked
package net.donut.lab.net;

import org.jspecify.annotations.NullMarked;
