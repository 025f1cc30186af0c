package io.millrace.sql.plan;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.PruneEmptyRules;
import org.apache.calcite.tools.RelBuilder;

/**
 * Rewrites a tree of relational operators by rules, in phases: windows are recognised; filters sink and meet; columns
 * that nobody reads are dropped down to the scans; what is adjacent is merged. No costs are weighed.
 */
public final class Optimizer {
    private static final List<RelOptRule> PUSH_FILTERS =
            List.of(
                    CoreRules.FILTER_MERGE,
                    CoreRules.FILTER_PROJECT_TRANSPOSE,
                    CoreRules.FILTER_AGGREGATE_TRANSPOSE,
                    CoreRules.FILTER_SET_OP_TRANSPOSE,
                    FilterIntoWindow.RULE,
                    CoreRules.UNION_TO_DISTINCT,
                    CoreRules.UNION_MERGE,
                    CoreRules.PROJECT_MERGE,
                    CoreRules.PROJECT_REMOVE);

    private static final List<RelOptRule> TIDY =
            List.of(
                    CoreRules.PROJECT_MERGE,
                    CoreRules.PROJECT_REMOVE,
                    CoreRules.FILTER_MERGE,
                    CoreRules.FILTER_PROJECT_TRANSPOSE,
                    CoreRules.AGGREGATE_PROJECT_MERGE,
                    PruneEmptyRules.FILTER_INSTANCE,
                    PruneEmptyRules.PROJECT_INSTANCE,
                    PruneEmptyRules.SORT_FETCH_ZERO_INSTANCE,
                    PruneEmptyRules.UNION_INSTANCE);

    private Optimizer() {}

    /** The same rows from a cheaper tree. */
    public static RelNode optimize(RelNode root, SourcePlaces places) {
        RelNode windowed = root.accept(new WindowFunctionExpansion(places));
        RelNode pushed = apply(PUSH_FILTERS, windowed);
        RelNode trimmed = trim(pushed);
        return apply(TIDY, trimmed);
    }

    private static RelNode trim(RelNode root) {
        RelOptCluster cluster = root.getCluster();
        RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(cluster, null);
        return new ColumnTrimmer(builder).trim(root);
    }

    private static RelNode apply(List<RelOptRule> rules, RelNode root) {
        HepProgram program =
                new HepProgramBuilder().addMatchOrder(HepMatchOrder.BOTTOM_UP).addRuleCollection(rules).build();
        HepPlanner planner = new HepPlanner(program);
        planner.setExecutor(root.getCluster().getPlanner().getExecutor());
        planner.setRoot(root);
        return planner.findBestExp();
    }
}
