/// Tests.
@NullMarked
package net.donut.controller.southbound;

import org.jspecify.annotations.NullMarked;
