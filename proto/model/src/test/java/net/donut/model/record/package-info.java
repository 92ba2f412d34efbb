@NullMarked
package net.donut.model.record;

import org.jspecify.annotations.NullMarked;
