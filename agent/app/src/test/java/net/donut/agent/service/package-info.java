/// Tests of the service `donut.agent.v1.Agent` over in-process gRPC.
@NullMarked
package net.donut.agent.service;

import org.jspecify.annotations.NullMarked;
