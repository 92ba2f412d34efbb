/// Tests of the forwarding plane against the real kernel, in network namespaces of their own.
@NullMarked
package net.donut.agent.fib;

import org.jspecify.annotations.NullMarked;
