/// Tests.
@NullMarked
package net.donut.controller.rib;

import org.jspecify.annotations.NullMarked;
