package io.millrace.sql.plan;

import io.millrace.sql.validate.StoredTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;

/** What can be told of a tree of relational operators by looking at it. */
public final class PlanFacts {
    private PlanFacts() {}

    /** Whether every table under the operator ends by itself. */
    public static boolean isBounded(RelNode root) {
        return storedTables(root).stream().allMatch(table -> table.source().isBounded());
    }

    /** Whether windows are assigned anywhere under the operator. */
    public static boolean hasWindows(RelNode root) {
        boolean[] found = new boolean[1];
        walk(root, rel -> found[0] |= rel instanceof WindowAssign);
        return found[0];
    }

    /** The tables under the operator, each once, in the order of the query's text. */
    public static List<StoredTable> storedTables(RelNode root) {
        Set<StoredTable> found = new LinkedHashSet<>();
        walk(
                root,
                rel -> {
                    if (rel instanceof TableScan scan) {
                        found.add(scan.getTable().unwrap(StoredTable.class));
                    }
                });
        return List.copyOf(found);
    }

    /** The first table under the operator, or an empty name. */
    public static String tableUnder(RelNode root) {
        List<StoredTable> found = storedTables(root);
        return found.isEmpty() ? "" : found.getFirst().name();
    }

    private static void walk(RelNode root, Consumer<RelNode> visit) {
        visit.accept(root);
        root.getInputs().forEach(input -> walk(input, visit));
    }
}
