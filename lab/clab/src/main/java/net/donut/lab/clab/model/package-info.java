/// A containerlab topology as read: nodes with everything inherited, links, the management network.
/// Values only; of the lab's other packages it knows [net.donut.lab.net.Impairment].
@NullMarked
package net.donut.lab.clab.model;

import org.jspecify.annotations.NullMarked;
