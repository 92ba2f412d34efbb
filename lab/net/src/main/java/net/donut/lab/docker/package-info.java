/// A Docker engine by its command line client, and the images of Donut. Runs on the caller's
/// thread; waits are bounded.
@NullMarked
package net.donut.lab.docker;

import org.jspecify.annotations.NullMarked;
