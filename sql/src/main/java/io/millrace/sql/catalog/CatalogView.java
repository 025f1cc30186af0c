package io.millrace.sql.catalog;

import io.millrace.memory.types.Schema;

/**
 * A named query, expanded where it is used.
 *
 * @param schema with the names of its column list
 * @param sql the query's text
 * @param comment or null
 */
public record CatalogView(String name, Schema schema, String sql, String comment) implements CatalogObject {
    @Override
    public String kind() {
        return "view";
    }

    @Override
    public String toSql() {
        return new SqlText("CREATE VIEW ")
                .name(name)
                .append(" ")
                .names(schema.fields().stream().map(field -> field.name()).toList())
                .comment(comment)
                .append(" AS\n")
                .append(sql)
                .toString();
    }
}
