package io.millrace.sql.catalog;

import io.millrace.memory.types.Schema;
import org.apache.calcite.sql.SqlNode;

/**
 * A named query, expanded where it is used.
 *
 * @param schema with the names of its column list
 * @param query as parsed, never validated in place; opaque
 * @param sql the query's text
 * @param comment or null
 */
public record CatalogView(String name, Schema schema, SqlNode query, String sql, String comment) implements CatalogObject {
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
