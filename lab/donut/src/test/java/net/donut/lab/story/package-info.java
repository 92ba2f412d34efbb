@NullMarked
package net.donut.lab.story;

import org.jspecify.annotations.NullMarked;
