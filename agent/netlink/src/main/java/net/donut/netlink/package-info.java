/// Linux routing state through rtnetlink: next hops, next-hop groups, routes, links, neighbors and
/// their changes, with the calls made by `java.lang.foreign` and no process started.
///
/// A [net.donut.netlink.NetlinkSocket] belongs to the thread that opened it and works in the
/// network namespace that thread was in; its memory is confined to the thread, so any other thread
/// is refused with [WrongThreadException]. Use platform threads only: a namespace is a property of
/// the kernel thread, and a virtual thread changes its kernel thread.
/// [net.donut.netlink.NetlinkMonitor] runs a thread of its own. [net.donut.netlink.UdpLoop] has UDP
/// sockets that know their interface and the TTL of what they get, and [net.donut.netlink.RealTime]
/// the scheduling of a process: both are for BFD, and here because of `java.lang.foreign`. May
/// depend on `net.donut.model` and SLF4J.
@NullMarked
package net.donut.netlink;

import org.jspecify.annotations.NullMarked;
