/// The demo: the story of a donut network told and measured, and its reports. Runs on the command's
/// thread.
@NullMarked
package net.donut.lab.demo;

import org.jspecify.annotations.NullMarked;
