package net.donut.lab.clab.template;

import net.donut.lab.clab.model.Place;

/// A template that cannot be read, or that fails for its data.
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Place place;

  TemplateException(Place place, String message) {
    super(message);
    this.place = place;
  }

  /// Where in the template.
  public Place place() {
    return place;
  }

  /// What is wrong, without the place.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
