package io.millrace.sql.catalog;

import io.millrace.memory.types.Schema;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A query whose result is kept up to date by a job and can be read as a table.
 *
 * @param primaryKey column names: the declared key or the one derived from the query; empty when there is none
 * @param sql the query's text
 * @param comment or null
 */
public record CatalogMaterializedView(
        String name, Schema schema, List<String> primaryKey, Map<String, String> options, String sql, String comment)
        implements CatalogObject {
    public CatalogMaterializedView {
        primaryKey = List.copyOf(primaryKey);
        options = Map.copyOf(options);
    }

    @Override
    public String kind() {
        return "materialized view";
    }

    @Override
    public String toSql() {
        SqlText text = new SqlText("CREATE MATERIALIZED VIEW ").name(name);
        if (!primaryKey.isEmpty()) {
            text.append(" PRIMARY KEY ").names(primaryKey).append(" NOT ENFORCED");
        }
        return text.comment(comment).options(new TreeMap<>(options)).append(" AS\n").append(sql).toString();
    }
}
