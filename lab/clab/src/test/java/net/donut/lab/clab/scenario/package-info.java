@NullMarked
package net.donut.lab.clab.scenario;

import org.jspecify.annotations.NullMarked;
