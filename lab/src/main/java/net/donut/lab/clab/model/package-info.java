/// A containerlab topology as read: nodes with everything inherited, links, the management network.
/// Values only; may depend on the JDK.
@NullMarked
package net.donut.lab.clab.model;

import org.jspecify.annotations.NullMarked;
