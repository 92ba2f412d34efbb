/// What is done to the links of a deployed lab, by the same cuts as in the demo's network. Runs on
/// the caller's thread; waits are bounded.
@NullMarked
package net.donut.lab.clab.link;

import org.jspecify.annotations.NullMarked;
