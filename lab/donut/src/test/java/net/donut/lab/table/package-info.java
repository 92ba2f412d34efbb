@NullMarked
package net.donut.lab.table;

import org.jspecify.annotations.NullMarked;
