package net.donut.controller;

import java.util.List;

/// The controller cannot start; `lines` say what was found and what to do.
public final class ControllerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> lines;

  ControllerException(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
  }

  public List<String> lines() {
    return lines;
  }
}
