/// Tests of the BFD state machine.
@NullMarked
package net.donut.bfd;

import org.jspecify.annotations.NullMarked;
