@NullMarked
package net.donut.lab.clab.plan;

import org.jspecify.annotations.NullMarked;
