package io.millrace.sql.translate;

import io.millrace.sql.plan.TimeAttributes;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;

/**
 * Filters and projections in a row, as one condition and one list of expressions over what is below them.
 *
 * @param condition or null
 */
record Chain(RelNode base, RexNode condition, List<RexNode> expressions) {
    /** Takes event time markers away: from here on only scans know of event time. */
    private static final RexShuttle UNMARKED =
            new RexShuttle() {
                @Override
                public RexNode visitCall(RexCall call) {
                    return TimeAttributes.isMarker(call)
                            ? call.getOperands().getFirst().accept(this)
                            : super.visitCall(call);
                }
            };

    Chain {
        expressions = List.copyOf(expressions);
    }

    /** The chain that ends in these columns of {@code top}. */
    static Chain of(RelNode top, List<Integer> columns) {
        List<RexNode> expressions = new ArrayList<>();
        List<RelDataTypeField> fields = top.getRowType().getFieldList();
        for (int column : columns) {
            expressions.add(RexInputRef.of(column, fields));
        }
        RexBuilder rex = top.getCluster().getRexBuilder();
        RexNode condition = null;
        RelNode base = top;
        while (true) {
            if (base instanceof Project project) {
                expressions = RelOptUtil.pushPastProject(expressions, project);
                condition = condition == null ? null : RelOptUtil.pushPastProject(condition, project);
                base = project.getInput();
            } else if (base instanceof Filter filter) {
                condition =
                        condition == null
                                ? filter.getCondition()
                                : RexUtil.composeConjunction(rex, List.of(filter.getCondition(), condition));
                base = filter.getInput();
            } else {
                return new Chain(
                        base,
                        condition == null ? null : condition.accept(UNMARKED),
                        expressions.stream().map(expression -> expression.accept(UNMARKED)).toList());
            }
        }
    }

    /** Whether the expressions are these columns of the base, each one as it is, and nothing is filtered. */
    boolean isSelection() {
        return condition == null && expressions.stream().allMatch(RexInputRef.class::isInstance);
    }

    /** The base's columns that are read, in order of their index. */
    List<Integer> columnsRead() {
        List<RexNode> all = new ArrayList<>(expressions);
        if (condition != null) {
            all.add(condition);
        }
        return RelOptUtil.InputFinder.bits(all, null).asList();
    }
}
