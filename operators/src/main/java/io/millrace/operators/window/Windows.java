package io.millrace.operators.window;

import io.millrace.connectors.api.BadRecord;
import io.millrace.memory.batch.Batch;

/** The arithmetic of one {@link WindowShape}: which windows and panes a moment lies in. All in microseconds. */
final class Windows {
    private final long size;
    private final long slide;
    private final long offset;
    private final long pane;

    Windows(WindowShape shape) {
        this.size = shape.sizeMicros();
        this.slide = shape.slideMicros();
        this.offset = Math.floorMod(shape.offsetMicros(), slide);
        this.pane = greatestCommonDivisor(size, slide);
    }

    /** The record of a row that lies in no window, as it has no time. */
    static BadRecord timeless(String table, Batch batch, int row) {
        return BadRecord.ofRow(table, "expected a time to find the row's window by, found NULL", batch, row);
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /** The pane a moment lies in, by its start. Every window is a whole number of panes. */
    long paneStart(long micros) {
        return micros - Math.floorMod(micros - offset, pane);
    }

    long paneMicros() {
        return pane;
    }

    /** The start of the last window that a moment lies in. */
    long lastWindowStart(long micros) {
        return micros - Math.floorMod(micros - offset, slide);
    }

    /** The start of the first window that the moment lies in; when windows overlap not at all, the same as the last. */
    long firstWindowStart(long micros) {
        long last = lastWindowStart(micros);
        return last - (size - 1 - (micros - last)) / slide * slide;
    }

    /** The end of the last window that a moment lies in: once the watermark is there, the moment is late. */
    long lastWindowEnd(long micros) {
        return lastWindowStart(micros) + size;
    }
}
