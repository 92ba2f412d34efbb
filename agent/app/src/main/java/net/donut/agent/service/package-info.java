/// The service `donut.agent.v1.Agent`: what a controller asks, as requests to the owners of RIB,
/// FIB and sessions. The thread `agent-state` owns configuration and state; gRPC callbacks only
/// translate and hand over. Generated messages stay in this package.
@NullMarked
package net.donut.agent.service;

import org.jspecify.annotations.NullMarked;
