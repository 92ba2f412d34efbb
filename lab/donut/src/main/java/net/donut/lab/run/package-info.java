/// The donut lab running: networks, agents, controller, and questions to the controller. Runs on
/// the thread that runs the lab.
@NullMarked
package net.donut.lab.run;

import org.jspecify.annotations.NullMarked;
