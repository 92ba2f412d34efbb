/// Go's text/template with the functions that containerlab adds: a text with actions and data to a
/// text. Pure but for the places in its messages; may depend on the model and Jackson. Runs on the
/// caller's thread.
@NullMarked
package net.donut.lab.clab.template;

import org.jspecify.annotations.NullMarked;
