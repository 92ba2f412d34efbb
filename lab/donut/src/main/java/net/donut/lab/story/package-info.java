/// The five networks of the donut story: each deployed, taken through its scenario and measured,
/// then put side by side. Runs on the caller's thread, beside the threads of the streams and one
/// that reads counters.
@NullMarked
package net.donut.lab.story;

import org.jspecify.annotations.NullMarked;
