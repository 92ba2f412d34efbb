/// That the build's own checks run and refuse.
@NullMarked
package net.donut.checks;

import org.jspecify.annotations.NullMarked;
