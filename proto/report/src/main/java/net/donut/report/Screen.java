package net.donut.report;

/// For which screen a chart is drawn; [Page] shows the drawing that fits.
enum Screen {
  DESK("chart desk", 720, 150),
  PHONE("chart phone", 340, 96);

  private final String type;
  private final int width;
  private final int valueWidth;

  Screen(String type, int width, int valueWidth) {
    this.type = type;
    this.width = width;
    this.valueWidth = valueWidth;
  }

  int width() {
    return width;
  }

  /// The room behind the longest bar for its value.
  int valueWidth() {
    return valueWidth;
  }

  /// The begin of a drawing, with its title.
  String begin(String title, int height) {
    return """
    <svg class="%s" viewBox="0 0 %d %d" role="img" aria-label="%s">
    <text x="0" y="14" font-weight="600">%s</text>
    """
        .formatted(type, width, height, Html.escape(title), Html.escape(title));
  }
}
