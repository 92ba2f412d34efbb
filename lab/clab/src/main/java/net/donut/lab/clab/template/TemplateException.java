package net.donut.lab.clab.template;

import net.donut.lab.clab.model.FilePlace;

/// A template that cannot be read, or that fails for its data.
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient FilePlace place;

  TemplateException(FilePlace place, String message) {
    super(message);
    this.place = place;
  }

  /// Where in the template.
  public FilePlace place() {
    return place;
  }

  /// What is wrong, without the place.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
