package io.millrace.connectors.api;

import java.util.Optional;

/** One execution of a source, shared by its readers. Thread-safe; no method but {@link #close} may block. */
public interface SourceRun extends AutoCloseable {
    /** The reader of one task; each index below {@link ScanRequest#readerCount()} is opened once. */
    SourceReader open(int readerIndex, ReaderContext context);

    /** What has been read so far, for people. */
    SourceProgress progress();

    /** How history met the live topic; only of a hybrid source. */
    default Optional<HandoverReport> handover() {
        return Optional.empty();
    }

    /** Asks the run to end as soon as what lies in the source now has been read; how a demo drains. */
    default void drain() {}

    /** Frees what the readers share. Idempotent. */
    @Override
    void close();
}
