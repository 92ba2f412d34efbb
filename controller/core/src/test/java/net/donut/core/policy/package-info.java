/// Tests of the policy values.
@NullMarked
package net.donut.core.policy;

import org.jspecify.annotations.NullMarked;
