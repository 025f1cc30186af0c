package io.millrace.sql.plan;

import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.sql.grammar.FileTables;
import io.millrace.sql.statement.StatementSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/**
 * Where a query names things, taken down before validation rewrites it: relational operators know no places, and errors
 * found after conversion still have to point at one.
 */
public final class SourcePlaces {
    private final SqlPosition query;
    private final Map<String, SqlPosition> names = new HashMap<>();
    private final Map<String, SqlPosition> windowTimes = new HashMap<>();
    private final List<SqlPosition> orderings = new ArrayList<>();

    private SourcePlaces(SqlPosition query) {
        this.query = query;
    }

    public static SourcePlaces of(SqlNode query) {
        SourcePlaces places = new SourcePlaces(StatementSource.position(query.getParserPosition()));
        query.accept(places.new Collector());
        return places;
    }

    /** The error, pointing at the first mention of a table, else at the query. */
    public MillraceException atTable(MillraceException error, String table) {
        String plain = table.startsWith("'") ? table.substring(1, table.length() - 1) : table;
        return error.at(names.getOrDefault(plain, query));
    }

    /** The error, pointing at the window's DESCRIPTOR column, else at the query. */
    public MillraceException atWindow(MillraceException error, String timeColumn) {
        return error.at(windowTimes.getOrDefault(timeColumn, query));
    }

    /** The error, pointing at ORDER BY, LIMIT or OFFSET, else at the query. */
    public MillraceException atOrdering(MillraceException error) {
        return error.at(orderings.isEmpty() ? query : orderings.getFirst());
    }

    public MillraceException atQuery(MillraceException error) {
        return error.position() == null ? error.at(query) : error;
    }

    private final class Collector extends SqlBasicVisitor<Void> {
        @Override
        public Void visit(SqlIdentifier id) {
            String path = FileTables.path(id.names);
            put(names, path == null && !id.names.isEmpty() ? id.names.getLast() : path, id.getParserPosition());
            return null;
        }

        @Override
        public Void visit(SqlCall call) {
            if (call.getOperator().getName().equalsIgnoreCase("DESCRIPTOR")
                    && call.operandCount() == 1
                    && call.operand(0) instanceof SqlIdentifier id) {
                put(windowTimes, id.names.getLast(), id.getParserPosition());
            }
            if (call instanceof SqlOrderBy order) {
                SqlNode first =
                        !order.orderList.isEmpty()
                                ? order.orderList.get(0)
                                : order.offset != null ? order.offset : order.fetch;
                if (first != null) {
                    orderings.add(StatementSource.position(first.getParserPosition()));
                }
            }
            return super.visit(call);
        }

        private void put(Map<String, SqlPosition> map, String key, SqlParserPos pos) {
            map.putIfAbsent(key, StatementSource.position(pos));
        }
    }
}
