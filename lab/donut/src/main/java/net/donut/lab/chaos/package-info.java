/// Chaos: storms of faults drawn from a seed, done to a running lab, and what must hold meanwhile
/// and afterwards, looked at from outside. Runs on the command's thread.
@NullMarked
package net.donut.lab.chaos;

import org.jspecify.annotations.NullMarked;
