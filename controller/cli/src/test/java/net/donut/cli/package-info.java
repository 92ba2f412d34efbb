/// Tests of the command line against a controller that answers from memory, over a real Unix
/// socket.
@NullMarked
package net.donut.cli;

import org.jspecify.annotations.NullMarked;
