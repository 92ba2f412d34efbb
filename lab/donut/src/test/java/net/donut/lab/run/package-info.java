@NullMarked
package net.donut.lab.run;

import org.jspecify.annotations.NullMarked;
