@NullMarked
package net.donut.lab.clab.link;

import org.jspecify.annotations.NullMarked;
