@NullMarked
package net.donut.lab.topology;

import org.jspecify.annotations.NullMarked;
