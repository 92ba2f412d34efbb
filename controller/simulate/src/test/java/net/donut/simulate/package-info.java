/// Tests of the simulation on real and on random dumps.
@NullMarked
package net.donut.simulate;

import org.jspecify.annotations.NullMarked;
