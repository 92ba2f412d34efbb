/// Tests of the decision.
@NullMarked
package net.donut.core.decision;

import org.jspecify.annotations.NullMarked;
