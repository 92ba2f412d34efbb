/// Tests of the gRIBI service: its RIB against a fake forwarding plane, and the behaviours of the
/// public compliance suite against a real server and the real kernel.
@NullMarked
package net.donut.agent.gribi;

import org.jspecify.annotations.NullMarked;
