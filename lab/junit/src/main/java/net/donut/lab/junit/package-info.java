/// Tests of one's own networks with JUnit: a topology is deployed, its links are cut, and what
/// routers do then is waited for. Runs on the thread of the test; waits are bounded.
@NullMarked
package net.donut.lab.junit;

import org.jspecify.annotations.NullMarked;
