/// The controller's side of every agent: one owner thread per router (`south-NAME`) that dials,
/// configures, listens, and keeps the agent's forwarding table equal to the intent. Deltas come in
/// through its mailbox and are folded, so that a slow agent costs at most its own table; what it
/// hears goes to the RIB thread.
@NullMarked
package net.donut.controller.southbound;

import org.jspecify.annotations.NullMarked;
