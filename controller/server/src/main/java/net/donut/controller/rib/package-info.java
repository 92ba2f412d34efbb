/// The routing state of the controller and the thread that owns it, `rib`: agents' reports in,
/// changes for routers and neighbors out, and operators' questions between two batches. Nothing
/// here waits but for its own mailboxes; no clock but what the thread passes in.
@NullMarked
package net.donut.controller.rib;

import org.jspecify.annotations.NullMarked;
