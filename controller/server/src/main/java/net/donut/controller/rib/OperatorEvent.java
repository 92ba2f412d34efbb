package net.donut.controller.rib;

/// One line of what happened, for operators who watch. `kind` is agent, session, link, policy,
/// routes, converged or notice.
public record OperatorEvent(
    long unixNs, String kind, String router, String subject, String text, long generation) {}
