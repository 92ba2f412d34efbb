/// What connects the nodes of a lab, whatever they are: wires, bridges, the management network. A
/// link goes through a wire namespace, so that a cut never touches a node's own interface. Runs on
/// the caller's thread; waits are bounded.
@NullMarked
package net.donut.lab.clab.wiring;

import org.jspecify.annotations.NullMarked;
