package io.millrace.it.corpus;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.SqlPosition;
import java.util.List;
import java.util.regex.Pattern;

/** One record of a corpus file. */
sealed interface CorpusRecord {
    /** Where it begins, {@code file:line}. */
    String place();

    String sql();

    /** A statement that must run. */
    record Ok(String place, String sql) implements CorpusRecord {}

    /**
     * A statement that must fail.
     *
     * @param position null when none is stated
     * @param help null when none is stated
     */
    record Failing(String place, String sql, ErrorCode code, SqlPosition position, Pattern message, Pattern help)
            implements CorpusRecord {}

    /** For DuckDB only. */
    record DuckDbStatement(String place, String sql) implements CorpusRecord {}

    /**
     * A query and where its answer comes from.
     *
     * @param types one letter a column
     * @param retracts whether streaming mode takes rows back on the way
     */
    record Query(String place, String sql, String types, boolean sorted, boolean retracts, Expected expected)
            implements CorpusRecord {}

    /** Where the answer to a query comes from. */
    sealed interface Expected {}

    /** The file states it. */
    record StatedRows(List<String> rows) implements Expected {}

    /** DuckDB's answer to this text. */
    record DuckDbRows(String sql) implements Expected {}

    /** Whatever the reference configuration says. */
    record Parity() implements Expected {}
}
