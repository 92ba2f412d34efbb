@NullMarked
package net.donut.lab.clab.parse;

import org.jspecify.annotations.NullMarked;
