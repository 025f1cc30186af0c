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
 */
public record ScanRequest(
        int[] projection, List<ScanPredicate> predicates, EventTime eventTime, int readerCount, long idleTimeoutNanos) {
    public ScanRequest {
        predicates = List.copyOf(predicates);
        if (readerCount < 1) {
            throw new IllegalArgumentException("expected readerCount >= 1, found " + readerCount);
        }
    }
}
