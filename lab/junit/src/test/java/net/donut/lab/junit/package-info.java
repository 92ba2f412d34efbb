@NullMarked
package net.donut.lab.junit;

import org.jspecify.annotations.NullMarked;
