/// What a topology becomes on this machine: names, addresses, programs, wires. Values that every
/// runtime builds from; nothing is made yet.
@NullMarked
package net.donut.lab.clab.plan;

import org.jspecify.annotations.NullMarked;
