/// A deployed lab: what was made, written down before it is made; deploying, inspecting, running
/// commands and destroying. Nodes start on virtual threads; everything else is on the caller's.
@NullMarked
package net.donut.lab.clab.run;

import org.jspecify.annotations.NullMarked;
