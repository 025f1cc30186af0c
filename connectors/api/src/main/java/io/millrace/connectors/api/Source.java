package io.millrace.connectors.api;

import io.millrace.memory.types.Schema;
import java.util.OptionalLong;

/** A table that can be read. Immutable, thread-safe. */
public interface Source {
    /** All the columns it can produce, physical and metadata, in the table's order. */
    Schema schema();

    boolean isBounded();

    /** Changes its rows carry. */
    default ChangelogKind changelogKind() {
        return ChangelogKind.APPEND;
    }

    /** Rows it holds now, when that is known without reading them. */
    default OptionalLong estimatedRows() {
        return OptionalLong.empty();
    }

    /** One line for EXPLAIN: files and row groups, topic and partitions, greatest overlap of row groups … */
    default String describe() {
        return getClass().getSimpleName();
    }

    /**
     * Where it lies: a path, a topic … Positions of one place are none of another. Empty when it lies nowhere, as rows
     * that are generated do.
     */
    default String place() {
        return "";
    }

    /**
     * What a reader that begins anew gets, where that may be less than those before it got: a clause to go behind "from
     * the beginning of" the table. Empty when it is the same for certain. Asks nobody.
     */
    default String replayNote() {
        return "";
    }

    /**
     * What of the rows that there once were a reader that begins anew does not get any more, a sentence; empty when
     * none are known to be lost. May ask others, and block.
     */
    default String replayLoss() {
        return "";
    }

    /** Begins an execution. May block; called on no worker. */
    SourceRun start(ScanRequest request);
}
