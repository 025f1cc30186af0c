package io.millrace.sql.catalog;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes statements: quotes names and strings. */
final class SqlText {
    private final StringBuilder text;

    SqlText(String start) {
        text = new StringBuilder(start);
    }

    SqlText append(String part) {
        text.append(part);
        return this;
    }

    SqlText name(String name) {
        text.append(quote(name));
        return this;
    }

    SqlText names(List<String> names) {
        text.append(names.stream().map(SqlText::quote).collect(Collectors.joining(", ", "(", ")")));
        return this;
    }

    SqlText string(String value) {
        text.append('\'').append(value.replace("'", "''")).append('\'');
        return this;
    }

    /** {@code COMMENT '…'} unless it is null. */
    SqlText comment(String comment) {
        return comment == null ? this : append(" COMMENT ").string(comment);
    }

    /** {@code WITH (…)} unless there are none. */
    SqlText options(Map<String, String> options) {
        if (options.isEmpty()) {
            return this;
        }
        append("\nWITH (");
        String separator = "\n  ";
        for (Map.Entry<String, String> option : options.entrySet()) {
            append(separator).string(option.getKey()).append(" = ").string(option.getValue());
            separator = ",\n  ";
        }
        return append("\n)");
    }

    private static String quote(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
