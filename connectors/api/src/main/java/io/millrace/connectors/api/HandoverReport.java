package io.millrace.connectors.api;

import java.util.List;

/**
 * How history met the live topic. All counts are of rows.
 *
 * @param by {@code offset}, {@code event-id} or {@code event-time}
 * @param exact whether the cut can neither lose nor repeat a row
 * @param pauseMicros from history's last row to the first live row, -1 before
 */
public record HandoverReport(
        String by,
        boolean exact,
        boolean complete,
        List<Cut> cuts,
        long historyRows,
        long liveRows,
        long duplicatesDropped,
        boolean gapChecked,
        List<Gap> gaps,
        long pauseMicros) {
    public HandoverReport {
        cuts = List.copyOf(cuts);
        gaps = List.copyOf(gaps);
    }

    /** Where the live side begins in a partition. */
    public record Cut(String topic, int partition, long offset, long eventTimeMicros) {}

    /** Offsets that are in neither, {@code from} inclusive, {@code to} exclusive. */
    public record Gap(int partition, long from, long to) {}
}
