/// Tests.
@NullMarked
package net.donut.controller.policy;

import org.jspecify.annotations.NullMarked;
