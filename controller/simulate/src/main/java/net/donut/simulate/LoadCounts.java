package net.donut.simulate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was read from the dumps. Owned by the thread that loads.
final class LoadCounts {
  /// How often something was wrong, and the first case.
  static final class Complaint {
    final String first;
    long times;

    Complaint(String first) {
      this.first = first;
    }
  }

  long records;
  long entries;
  long withdrawals;
  long sessionsLost;
  long unknownRecords;
  long unknownPeerEntries;
  double seconds;

  /// Whether a part of the dumps could not be used, so that the answer may be wrong.
  boolean incomplete;

  final Remarks.LeftOutCounts skipped = new Remarks.LeftOutCounts();

  /// Files without a record.
  final List<String> empty = new ArrayList<>();

  final Map<String, Complaint> complaints = new LinkedHashMap<>();

  /// Counts a complaint under its kind; `where` tells of the first.
  void complain(String kind, String where) {
    complaints.computeIfAbsent(kind, one -> new Complaint(where)).times++;
  }

  /// Paths a second, announcements and withdrawals alike.
  double rate() {
    return seconds <= 0 ? 0 : (entries + withdrawals) / seconds;
  }
}
