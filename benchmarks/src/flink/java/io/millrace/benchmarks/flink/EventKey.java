package io.millrace.benchmarks.flink;

import org.apache.flink.api.java.functions.KeySelector;

/** The 16 bytes that rows are counted by. */
record EventKey(long head, long tail) {
    /** Of an event. */
    static final KeySelector<Event, EventKey> OF_EVENT = event -> new EventKey(event.keyHead, event.keyTail);

    @Override
    public int hashCode() {
        long h = (head * 0x9e3779b97f4a7c15L ^ tail) * 0xbf58476d1ce4e5b9L;
        return (int) (h >>> 32);
    }
}
