package io.millrace.sql.plan;

import org.apache.calcite.plan.RelOptPredicateList;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSimplify;

/**
 * Simplifies a condition until it stays as it is. Once is not enough: it may leave a comparison with NULL, of which
 * Calcite's predicates insist that there is none.
 */
final class SettleFilter extends RelOptRule {
    static final SettleFilter RULE = new SettleFilter();
    private static final int MAX_ROUNDS = 8;

    private SettleFilter() {
        super(operand(Filter.class, any()), "SettleFilter");
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
        Filter filter = call.rel(0);
        RexSimplify simplify =
                new RexSimplify(
                        filter.getCluster().getRexBuilder(),
                        RelOptPredicateList.EMPTY,
                        filter.getCluster().getPlanner().getExecutor());
        RexNode before = filter.getCondition();
        RexNode settled = before;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            RexNode simpler = simplify.simplifyUnknownAsFalse(settled);
            if (simpler.equals(settled)) {
                break;
            }
            settled = simpler;
        }
        if (!settled.equals(before)) {
            call.transformTo(call.builder().push(filter.getInput()).filter(settled).build());
        }
    }
}
