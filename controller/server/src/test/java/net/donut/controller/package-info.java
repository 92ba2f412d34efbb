/// Tests of the whole controller against agents that remember.
@NullMarked
package net.donut.controller;

import org.jspecify.annotations.NullMarked;
