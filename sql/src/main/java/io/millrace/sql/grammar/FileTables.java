package io.millrace.sql.grammar;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The identifier that stands for {@code FROM 'path'}: the path in a schema that no user can name by accident. */
public final class FileTables {
    /** The schema of tables named by a path. */
    public static final String SCHEMA = "$file";

    private FileTables() {}

    public static SqlIdentifier identifier(String path, SqlParserPos pos) {
        return new SqlIdentifier(List.of(SCHEMA, path), null, pos, List.of(pos, pos));
    }

    /** The path of such an identifier, or null for another. */
    public static String path(List<String> names) {
        return names.size() == 2 && names.getFirst().equals(SCHEMA) ? names.getLast() : null;
    }
}
