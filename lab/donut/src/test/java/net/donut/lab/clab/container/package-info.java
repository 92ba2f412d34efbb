@NullMarked
package net.donut.lab.clab.container;

import org.jspecify.annotations.NullMarked;
