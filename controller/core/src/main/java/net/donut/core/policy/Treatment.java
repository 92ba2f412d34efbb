package net.donut.core.policy;

/// What a filter does with what it is about.
public enum Treatment {
  ACCEPT,
  REJECT
}
