/// The policy file: YAML text to checked values, with every mistake at its line and column. Pure
/// functions of the text; may depend on the model, the pure core and the YAML parser only.
@NullMarked
package net.donut.controller.policy;

import org.jspecify.annotations.NullMarked;
