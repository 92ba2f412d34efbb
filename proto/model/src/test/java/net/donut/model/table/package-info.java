/// Tests of the tables against plain maps.
@NullMarked
package net.donut.model.table;

import org.jspecify.annotations.NullMarked;
