package io.millrace.sql.statement;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.SqlIdentifier;

/** A name as the user wrote it, without quotes, and where. Table and column names are case-sensitive. */
public record Name(String text, SqlPosition position) {
    /** The one catalog and database there is; a table may be written with them in front. */
    public static final String CATALOG = "default_catalog";

    public static final String DATABASE = "default_database";

    public Name {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(position, "position");
    }

    /** A simple name. */
    public static Name of(SqlIdentifier id) {
        return new Name(id.getSimple(), StatementSource.position(id.getParserPosition()));
    }

    /**
     * The name of a table or view: {@code t}, {@code default_database.t} or {@code default_catalog.default_database.t}.
     */
    public static Name ofTable(SqlIdentifier id) {
        List<String> parts = id.names;
        List<String> prefix = parts.subList(0, parts.size() - 1);
        if (!List.of(CATALOG, DATABASE).subList(2 - Math.min(2, prefix.size()), 2).equals(prefix)) {
            throw new MillraceException(ErrorCode.UNKNOWN_TABLE, "no database " + String.join(".", prefix))
                    .withHelp("There is one database, " + CATALOG + "." + DATABASE + "; write the table's name alone.")
                    .at(StatementSource.position(id.getParserPosition()));
        }
        return new Name(parts.getLast(), StatementSource.position(id.getParserPosition()));
    }

    @Override
    public String toString() {
        return text;
    }
}
