package io.millrace.connectors.api;

/** One task's share of a source: owns many splits. Called by one worker at a time; no method blocks. */
public interface SourceReader extends AutoCloseable {
    /** What a poll came to. */
    enum Poll {
        /** Something was emitted or moved on; poll again. */
        ACTIVE,
        /** Nothing to do until an I/O task of this reader ends or time passes. */
        IDLE,
        /** Nothing will ever come again from any split. */
        FINISHED
    }

    /** Emits what it has, at most about one batch past {@link SourceOutput#isFull()}. */
    Poll poll(SourceOutput output);

    /** Stops reading a split until {@link #resumeSplit}; how splits ahead in event time wait. */
    default void pauseSplit(int split) {}

    default void resumeSplit(int split) {}

    /** Where the rows of the split that were emitted last come from, for people; null when it cannot tell. */
    default String originOf(int split) {
        return null;
    }

    /**
     * The positions after what was emitted so far, in a format with a version of its own. All readers of an execution,
     * each asked between the same two epochs but not at the same moment, together say what has been read: a split that
     * passes from one reader to another between two of these calls is neither lost nor read twice. Also asked of a
     * reader that has finished. An execution that is given them ({@link ScanRequest#restored}) emits exactly the rows
     * that were not emitted before, and re-checks what it had pinned.
     */
    default byte[] snapshot() {
        return new byte[0];
    }

    /** Frees its memory and stops its I/O. Idempotent. */
    @Override
    void close();
}
