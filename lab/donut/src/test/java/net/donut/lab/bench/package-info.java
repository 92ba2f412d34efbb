@NullMarked
package net.donut.lab.bench;

import org.jspecify.annotations.NullMarked;
