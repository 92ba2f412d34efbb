@NullMarked
package net.donut.lab.net;

import org.jspecify.annotations.NullMarked;
