package io.millrace.sql.statement;

import io.millrace.memory.error.SqlPosition;
import java.util.Objects;
import org.apache.calcite.sql.parser.SqlParserPos;

/** One {@code 'key' = 'value'} of WITH (…) or SET, and where both stand. */
public record TableOption(String key, SqlPosition keyPosition, String value, SqlPosition valuePosition) {
    public TableOption {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
    }

    public static TableOption of(String key, SqlParserPos keyPos, String value, SqlParserPos valuePos) {
        return new TableOption(key, StatementSource.position(keyPos), value, StatementSource.position(valuePos));
    }
}
