package io.millrace.connectors.api;

import java.util.List;

/**
 * What an execution wants of a source.
 *
 * @param projection indices into {@link Source#schema()}, in the order the batches shall have; may be empty, when only
 *     the number of rows counts
 * @param predicates all hold for every row that matters; a source may leave out rows of which one is false, and need
 *     not
 * @param eventTime how event time is read off the projected columns, or null when none is needed
 * @param readerCount how many readers will be opened
 * @param idleTimeoutNanos after which a split with nothing to read no longer holds the watermark; 0 for never
 * @param restored what {@link SourceReader#snapshot} gave at the checkpoint to go on from, of each reader there was
 *     then; there may have been more or fewer than now. Empty when nothing was read before
 */
public record ScanRequest(
        int[] projection,
        List<ScanPredicate> predicates,
        EventTime eventTime,
        int readerCount,
        long idleTimeoutNanos,
        List<byte[]> restored) {
    public ScanRequest {
        predicates = List.copyOf(predicates);
        restored = List.copyOf(restored);
        if (readerCount < 1) {
            throw new IllegalArgumentException("expected readerCount >= 1, found " + readerCount);
        }
    }

    /** A request of rows of which none was read before. */
    public ScanRequest(
            int[] projection,
            List<ScanPredicate> predicates,
            EventTime eventTime,
            int readerCount,
            long idleTimeoutNanos) {
        this(projection, predicates, eventTime, readerCount, idleTimeoutNanos, List.of());
    }
}
