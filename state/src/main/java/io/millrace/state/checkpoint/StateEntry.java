package io.millrace.state.checkpoint;

import java.util.List;

/**
 * One named state of one task, as a checkpoint holds it.
 *
 * @param name within its operator
 * @param kind of state: who can read it
 * @param layout of its rows, in words; restoring asks for the same
 * @param inline bytes of the kind's own format, small
 * @param files the inline bytes refer to these, in this order
 * @param rows for people; -1 when not known
 */
public record StateEntry(String name, Kind kind, String layout, byte[] inline, List<CheckpointFile> files, long rows) {
    /** What it is. */
    public enum Kind {
        /** A value that the operator registered: {@code inline} is all of it. */
        VALUE,
        /** Rows by key. */
        TABLE,
        /** Rows without a key. */
        ROWS
    }

    public StateEntry {
        files = List.copyOf(files);
    }

    /** A registered value. */
    public static StateEntry value(String name, byte[] bytes) {
        return new StateEntry(name, Kind.VALUE, "", bytes, List.of(), -1);
    }
}
