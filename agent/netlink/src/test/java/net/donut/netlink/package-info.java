/// Tests against the real kernel, in network namespaces they create. Need root and `ip`.
@NullMarked
package net.donut.netlink;

import org.jspecify.annotations.NullMarked;
