@NullMarked
package net.donut.lab.neighbor;

import org.jspecify.annotations.NullMarked;
