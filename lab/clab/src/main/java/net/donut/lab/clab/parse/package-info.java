/// Topology files to [net.donut.lab.clab.model.ClabTopology]: templates, variables of the
/// environment, strict YAML, inheritance. Every mistake is reported with its line, all at once.
@NullMarked
package net.donut.lab.clab.parse;

import org.jspecify.annotations.NullMarked;
