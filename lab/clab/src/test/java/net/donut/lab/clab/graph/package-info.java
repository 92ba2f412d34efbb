@NullMarked
package net.donut.lab.clab.graph;

import org.jspecify.annotations.NullMarked;
