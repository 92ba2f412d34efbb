/// A scenario run against a deployed lab, and what it came to as JSON, HTML and JUnit XML. Runs on
/// the caller's thread, beside the threads of the probes; waits are bounded.
@NullMarked
package net.donut.lab.clab.scenario;

import org.jspecify.annotations.NullMarked;
