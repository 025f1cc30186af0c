package io.millrace.sql.plan;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.rules.AggregateProjectMergeRule;
import org.apache.calcite.rel.rules.FilterAggregateTransposeRule;
import org.apache.calcite.rel.rules.FilterMergeRule;
import org.apache.calcite.rel.rules.FilterProjectTransposeRule;
import org.apache.calcite.rel.rules.FilterSetOpTransposeRule;
import org.apache.calcite.rel.rules.ProjectMergeRule;
import org.apache.calcite.rel.rules.ProjectRemoveRule;
import org.apache.calcite.rel.rules.UnionMergeRule;
import org.apache.calcite.rel.rules.UnionToDistinctRule;
import org.apache.calcite.tools.RelBuilder;

/**
 * Rewrites a tree of relational operators by rules, in phases: windows are recognised; filters sink and meet; columns
 * that nobody reads are dropped down to the scans; what is adjacent is merged. No costs are weighed.
 */
public final class Optimizer {
    /** Made one by one: Calcite's list of all its rules takes long to load. */
    private static final RelOptRule MERGE_FILTERS = FilterMergeRule.Config.DEFAULT.toRule();

    private static final RelOptRule MERGE_PROJECTS = ProjectMergeRule.Config.DEFAULT.toRule();
    private static final RelOptRule REMOVE_PROJECT = ProjectRemoveRule.Config.DEFAULT.toRule();
    private static final RelOptRule FILTER_PAST_PROJECT = FilterProjectTransposeRule.Config.DEFAULT.toRule();

    private static final List<RelOptRule> PUSH_FILTERS =
            List.of(
                    SettleFilter.RULE,
                    MERGE_FILTERS,
                    FILTER_PAST_PROJECT,
                    FilterAggregateTransposeRule.Config.DEFAULT.toRule(),
                    FilterSetOpTransposeRule.Config.DEFAULT.toRule(),
                    FilterIntoWindow.RULE,
                    UnionToDistinctRule.Config.DEFAULT.toRule(),
                    UnionMergeRule.Config.DEFAULT.toRule(),
                    MERGE_PROJECTS,
                    REMOVE_PROJECT);

    private static final List<RelOptRule> TIDY =
            List.of(
                    MERGE_PROJECTS,
                    REMOVE_PROJECT,
                    SettleFilter.RULE,
                    MERGE_FILTERS,
                    FILTER_PAST_PROJECT,
                    AggregateProjectMergeRule.Config.DEFAULT.toRule());

    private Optimizer() {}

    /** The same rows from a cheaper tree. */
    public static RelNode optimize(RelNode root, SourcePlaces places) {
        if (isConstant(root)) {
            return root;
        }
        RelNode windowed = root.accept(new WindowFunctionExpansion(places));
        RelNode pushed = apply(PUSH_FILTERS, windowed);
        RelNode trimmed = trim(pushed);
        return apply(TIDY, trimmed);
    }

    private static boolean isConstant(RelNode root) {
        return root instanceof Values || (root instanceof Project project && project.getInput() instanceof Values);
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
