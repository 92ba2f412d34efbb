/// BFD of an agent: a process of its own that speaks it, so that no pause of the agent's heap stops
/// it, and the agent's line to that process.
///
/// In the agent, thread `agent-bfd` ([BfdLink]) starts the process and keeps the line. In the other
/// process ([BfdMain]), thread `bfd` ([BfdSpeaker]) owns sessions and sockets; `main` reads the
/// line and `bfd-report` writes it. May depend on the state machine, UDP sockets and queues; the
/// speaker must stay small, so it sees neither gRPC, Netty nor the rest of the agent.
@NullMarked
package net.donut.agent.bfd;

import org.jspecify.annotations.NullMarked;
