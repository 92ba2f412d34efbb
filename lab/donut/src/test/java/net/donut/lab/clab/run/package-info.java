@NullMarked
package net.donut.lab.clab.run;

import org.jspecify.annotations.NullMarked;
