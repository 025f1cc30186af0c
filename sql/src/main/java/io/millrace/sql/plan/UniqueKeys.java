package io.millrace.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/**
 * Columns of a query's result whose values no two rows share. Not Calcite's own metadata: for an aggregate that gives
 * the grouped columns by their places in the input, which above a window function are not their places in the result.
 */
public final class UniqueKeys {
    private UniqueKeys() {}

    /** A key as indices of the node's columns; empty when none is known. */
    public static List<Integer> of(RelNode node) {
        return switch (node) {
            case Aggregate aggregate -> Aggregate.isSimple(aggregate) ? first(aggregate.getGroupCount()) : List.of();
            case Project project -> projected(project);
            case Filter filter -> of(filter.getInput());
            case Sort sort -> of(sort.getInput());
            default -> List.of();
        };
    }

    /** Whether the node never has more than one row: an aggregate over everything, and what is made of its row. */
    public static boolean isSingleRow(RelNode node) {
        return switch (node) {
            case Aggregate aggregate -> Aggregate.isSimple(aggregate) && aggregate.getGroupCount() == 0;
            case Project project -> isSingleRow(project.getInput());
            case Filter filter -> isSingleRow(filter.getInput());
            case Sort sort -> isSingleRow(sort.getInput());
            default -> false;
        };
    }

    private static List<Integer> first(int count) {
        List<Integer> key = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            key.add(i);
        }
        return List.copyOf(key);
    }

    /** The input's key where its columns come out; empty when one of them does not. */
    private static List<Integer> projected(Project project) {
        List<Integer> key = new ArrayList<>();
        for (int column : of(project.getInput())) {
            int place = -1;
            for (int i = 0; i < project.getProjects().size() && place < 0; i++) {
                RexNode expression = project.getProjects().get(i);
                place = expression instanceof RexInputRef ref && ref.getIndex() == column ? i : -1;
            }
            if (place < 0) {
                return List.of();
            }
            key.add(place);
        }
        return List.copyOf(key);
    }
}
