/// What operators ask, over TCP and a Unix socket: `donut.operator.v1` with health and reflection.
/// Calls run on virtual threads and ask the RIB thread; only here its answers become messages.
@NullMarked
package net.donut.controller.northbound;

import org.jspecify.annotations.NullMarked;
