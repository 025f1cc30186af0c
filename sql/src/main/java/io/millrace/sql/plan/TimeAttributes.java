package io.millrace.sql.plan;

import io.millrace.sql.validate.FunctionTable;
import io.millrace.sql.validate.WindowFunctions;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/** Follows event time through a plan: a column is one when watermarks speak of its values. */
public final class TimeAttributes {
    private TimeAttributes() {}

    /** Whether the column is an event time. */
    public static boolean isEventTime(RelNode rel, int column) {
        return switch (rel) {
            case Project project -> isEventTime(project, project.getProjects().get(column));
            case Filter filter -> isEventTime(filter.getInput(), column);
            case Sort sort -> isEventTime(sort.getInput(), column);
            case Union union -> union.getInputs().stream().allMatch(input -> isEventTime(input, column));
            case WindowAssign window -> isEventTime(window, column);
            case Aggregate aggregate ->
                    column < aggregate.getGroupCount()
                            && isWindowTime(aggregate.getInput(), aggregate.getGroupSet().nth(column));
            default -> false;
        };
    }

    private static boolean isEventTime(Project project, RexNode expression) {
        if (expression instanceof RexInputRef ref) {
            return isEventTime(project.getInput(), ref.getIndex());
        }
        return isMarker(expression);
    }

    private static boolean isEventTime(WindowAssign window, int column) {
        int inputs = window.getInput().getRowType().getFieldCount();
        if (column < inputs) {
            return isEventTime(window.getInput(), column);
        }
        return isTimeOffset(column - inputs) && isEventTime(window.getInput(), window.timeColumn());
    }

    /** Whether the column is the window_time of a window on event time; one that is grouped by stays an event time. */
    private static boolean isWindowTime(RelNode rel, int column) {
        return switch (rel) {
            case Project project ->
                    project.getProjects().get(column) instanceof RexInputRef ref
                            && isWindowTime(project.getInput(), ref.getIndex());
            case Filter filter -> isWindowTime(filter.getInput(), column);
            case WindowAssign window ->
                    column >= window.getInput().getRowType().getFieldCount() && isEventTime(window, column);
            default -> false;
        };
    }

    private static boolean isTimeOffset(int added) {
        return added == WindowFunctions.ADDED_COLUMNS - 1;
    }

    /** Whether the expression is a table's event time, marked where the table was expanded. */
    public static boolean isMarker(RexNode expression) {
        return expression instanceof RexCall call && call.getOperator().equals(FunctionTable.ROWTIME);
    }
}
