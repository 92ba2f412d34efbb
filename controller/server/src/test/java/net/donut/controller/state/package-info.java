/// Tests.
@NullMarked
package net.donut.controller.state;

import org.jspecify.annotations.NullMarked;
