/// The commands of the lab in the `donut` program. Each runs on the main thread.
@NullMarked
package net.donut.lab.cli;

import org.jspecify.annotations.NullMarked;
