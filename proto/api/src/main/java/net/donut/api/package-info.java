/// The contracts between the programs of Donut and what the modules offer each other without
/// depending on each other. Generated messages live in sub-packages; only mapping code here
/// converts them to and from the model.
@NullMarked
package net.donut.api;

import org.jspecify.annotations.NullMarked;
