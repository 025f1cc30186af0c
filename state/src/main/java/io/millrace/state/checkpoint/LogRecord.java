package io.millrace.state.checkpoint;

/** What a slot of the log says. */
sealed interface LogRecord {
    /** Its own number. */
    long slot();

    /** The only slot that may be claimed after it. */
    default long next() {
        return slot() + 1;
    }

    /** From here on an incarnation owns the job, whose number this is. */
    record Start(long slot, String owner, long createdMillis) implements LogRecord {}

    /** The numbers up to {@code next} are left out. */
    record Skip(long slot, long next, String owner, long createdMillis) implements LogRecord {}

    /** A checkpoint. */
    record Checkpoint(Manifest manifest) implements LogRecord {
        @Override
        public long slot() {
            return manifest.checkpoint();
        }
    }
}
