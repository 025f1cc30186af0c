package io.millrace.engine.view;

import java.util.List;

/**
 * All rows of a shard at the end of an epoch.
 *
 * @param frontierMicros no row with an event time before this will come again
 */
record ShardVersion(List<SegmentRows> segments, long rowCount, long frontierMicros) {
    static final ShardVersion EMPTY = new ShardVersion(List.of(), 0, Long.MIN_VALUE);
}
