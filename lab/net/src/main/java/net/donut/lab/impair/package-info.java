/// What impairs a link without netem, and what measures how a link is: a relay that delays frames,
/// a calibration that sends its own. Both work on platform threads of their own inside the
/// namespaces of the link.
@NullMarked
package net.donut.lab.impair;

import org.jspecify.annotations.NullMarked;
