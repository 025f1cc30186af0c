package io.millrace.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/** Moves the conditions on a window function's own input columns below it. */
final class FilterIntoWindow extends RelOptRule {
    static final FilterIntoWindow RULE = new FilterIntoWindow();

    private FilterIntoWindow() {
        super(operand(Filter.class, operand(WindowAssign.class, any())), "FilterIntoWindow");
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
        Filter filter = call.rel(0);
        WindowAssign window = call.rel(1);
        ImmutableBitSet below = ImmutableBitSet.range(window.getInput().getRowType().getFieldCount());
        List<RexNode> moved = new ArrayList<>();
        List<RexNode> kept = new ArrayList<>();
        for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
            (below.contains(RelOptUtil.InputFinder.bits(condition)) ? moved : kept).add(condition);
        }
        if (moved.isEmpty()) {
            return;
        }
        RelBuilder builder = call.builder();
        RelNode input = builder.push(window.getInput()).filter(moved).build();
        WindowAssign lower = new WindowAssign(input, window.shape(), window.timeColumn(), window.added());
        call.transformTo(builder.push(lower).filter(kept).build());
    }
}
