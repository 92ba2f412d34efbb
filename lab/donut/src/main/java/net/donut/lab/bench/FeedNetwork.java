package net.donut.lab.bench;

import net.donut.lab.net.Namespace;

/// Where the feeds of a bench live.
interface FeedNetwork {
  /// Where the feeds hear their tables from.
  Namespace source();

  Namespace of(FeedLink feed);
}
