/// Tests of the shared values.
@NullMarked
package net.donut.model;

import org.jspecify.annotations.NullMarked;
