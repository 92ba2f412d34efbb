/// The controller as a program: its command and the wiring of its parts. `ControllerProcess` is
/// where every thread and queue is made.
@NullMarked
package net.donut.controller;

import org.jspecify.annotations.NullMarked;
