@NullMarked
package net.donut.lab.probe;

import org.jspecify.annotations.NullMarked;
