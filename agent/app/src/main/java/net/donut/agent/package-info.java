/// The agent of one router: it speaks BGP with the neighbors, keeps what they announce, and
/// programs the kernel with what a controller asks for. [net.donut.agent.AgentProcess] wires the
/// parts; each has a thread of its own.
@NullMarked
package net.donut.agent;

import org.jspecify.annotations.NullMarked;
