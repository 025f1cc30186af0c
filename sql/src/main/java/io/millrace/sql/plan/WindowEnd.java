package io.millrace.sql.plan;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexInputRef;

/**
 * The column that tells when a row of a result is final: the end of the window it was grouped by, or the window's last
 * moment. What the column is called plays no part.
 *
 * @param column of the result
 * @param lagMicros by how much event time must have passed the column's value: 0 for an end
 */
public record WindowEnd(int column, long lagMicros) {
    private static final long WINDOW_TIME_LAG_MICROS = 1_000;

    /** Of a query's rows; null when there is none. An end goes before a last moment. */
    public static WindowEnd of(RelNode root) {
        WindowEnd found = null;
        for (int column = 0; column < root.getRowType().getFieldCount(); column++) {
            long lag = lag(root, column, false);
            if (lag >= 0 && (found == null || lag < found.lagMicros)) {
                found = new WindowEnd(column, lag);
            }
        }
        return found;
    }

    /** The lag of a column that is a window's end or last moment by which rows were grouped, or -1. */
    private static long lag(RelNode rel, int column, boolean grouped) {
        return switch (rel) {
            case WindowAssign window -> {
                int added = column - window.getInput().getRowType().getFieldCount();
                yield !grouped || added < 1 ? -1 : added == 1 ? 0 : WINDOW_TIME_LAG_MICROS;
            }
            case Project project ->
                    project.getProjects().get(column) instanceof RexInputRef ref
                            ? lag(project.getInput(), ref.getIndex(), grouped)
                            : -1;
            case Filter filter -> lag(filter.getInput(), column, grouped);
            // With a limit a row may give way to one of a later window.
            case Sort sort -> sort.fetch == null && sort.offset == null ? lag(sort.getInput(), column, grouped) : -1;
            case Aggregate aggregate ->
                    aggregate.getGroupType() == Aggregate.Group.SIMPLE && column < aggregate.getGroupCount()
                            ? lag(aggregate.getInput(), aggregate.getGroupSet().nth(column), true)
                            : -1;
            default -> -1;
        };
    }
}
