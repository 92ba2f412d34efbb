/// The commands as a user runs them.
@NullMarked
package net.donut.lab.cli;

import org.jspecify.annotations.NullMarked;
