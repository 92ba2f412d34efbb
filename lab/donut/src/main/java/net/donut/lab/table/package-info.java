/// The routing tables that the lab's neighbors announce: generated from a seed, or taken from a
/// dump of real peers. Pure but for reading the dump file.
@NullMarked
package net.donut.lab.table;

import org.jspecify.annotations.NullMarked;
