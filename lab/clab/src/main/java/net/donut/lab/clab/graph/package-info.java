/// A topology as a picture, with how its links and nodes are when it is deployed: SVG, Mermaid, a
/// page. Pure but for [net.donut.lab.clab.graph.LabGraph#of], which asks the runtime.
@NullMarked
package net.donut.lab.clab.graph;

import org.jspecify.annotations.NullMarked;
