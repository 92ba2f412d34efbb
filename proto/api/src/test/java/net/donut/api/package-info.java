/// Tests of the mapping between messages and model.
@NullMarked
package net.donut.api;

import org.jspecify.annotations.NullMarked;
