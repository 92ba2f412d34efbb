@NullMarked
package net.donut.lab.clab.template;

import org.jspecify.annotations.NullMarked;
