/// What a lab consists of, as values: nodes, links, relations, addresses; and the configuration
/// files that follow from them. Pure: no process, no clock, no network.
@NullMarked
package net.donut.lab.topology;

import org.jspecify.annotations.NullMarked;
