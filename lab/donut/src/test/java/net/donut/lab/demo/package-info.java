@NullMarked
package net.donut.lab.demo;

import org.jspecify.annotations.NullMarked;
