package io.millrace.sql.translate;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.ScanPredicate;
import io.millrace.memory.types.Schema;
import io.millrace.operators.evaluation.EventTimeExpression;
import io.millrace.operators.scan.ScanSpec;
import io.millrace.sql.plan.PlanFacts;
import io.millrace.sql.validate.StoredTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/** Scans: which columns are read, what the source may leave out, and how event time is read off. */
final class ScanTranslator {
    private final PlanInput plan;
    private final PlanSettings settings;
    private final GraphBuilder graph;
    private final ExpressionTranslator expressions;
    private final SharedScans shared;

    ScanTranslator(
            PlanInput plan,
            PlanSettings settings,
            GraphBuilder graph,
            ExpressionTranslator expressions,
            SharedScans shared) {
        this.plan = plan;
        this.settings = settings;
        this.graph = graph;
        this.expressions = expressions;
        this.shared = shared;
    }

    /**
     * The columns that the chain reads, and that of the event time, without which no row counts in either mode; those
     * that other readers of the same scan need besides, too.
     */
    Stream translate(TableScan scan, Chain chain) {
        StoredTable table = scan.getTable().unwrap(StoredTable.class);
        boolean timed = needsWatermarks(table);
        RexNode eventTime = plan.planner().eventTime(table);
        TreeSet<Integer> columns = new TreeSet<>(chain.columnsRead());
        if (eventTime != null) {
            columns.addAll(RelOptUtil.InputFinder.bits(eventTime).asList());
        }
        List<ScanPredicate> predicates = predicates(chain, table);
        if (shared.isObserving()) {
            shared.observe(table, settings, predicates, columns, timed);
            return read(table, List.copyOf(columns), predicates, conditions(chain), timed);
        }
        SharedScans.Scan common = shared.of(table, settings, predicates);
        if (common.stream() == null) {
            boolean alone = !common.isShared() || table.source().isBounded();
            List<RexNode> conditions = common.isShared() ? List.of() : conditions(chain);
            common.setStream(
                    read(table, common.columns(), alone ? predicates : List.of(), conditions, common.isTimed()));
        }
        return common.stream();
    }

    /**
     * The parts of the condition, up to the first that the source must not ask by itself: one without a column, or one
     * whose answer may differ from time to time.
     */
    private static List<RexNode> conditions(Chain chain) {
        List<RexNode> conditions = new ArrayList<>();
        for (RexNode condition : RelOptUtil.conjunctions(chain.condition())) {
            if (!RexUtil.isDeterministic(condition) || RelOptUtil.InputFinder.bits(condition).isEmpty()) {
                break;
            }
            conditions.add(condition);
        }
        return conditions;
    }

    private Stream read(
            StoredTable table,
            List<Integer> columns,
            List<ScanPredicate> predicates,
            List<RexNode> conditions,
            boolean timed) {
        List<Integer> layout = new ArrayList<>(Collections.nCopies(table.schema().size(), -1));
        for (int i = 0; i < columns.size(); i++) {
            layout.set(columns.get(i), i);
        }
        Schema schema = table.schema().project(columns.stream().mapToInt(i -> i).toArray());
        ScanSpec spec =
                new ScanSpec(
                        table.name(),
                        table.source(),
                        columns,
                        predicates,
                        conditions.stream().map(c -> expressions.translate(c.accept(new Relayout(layout)))).toList(),
                        eventTime(table, layout),
                        timed,
                        schema);
        int parallelism = settings.parallelism();
        int node = graph.source(spec, parallelism, table.source().isBounded());
        return new Stream(List.of(node), schema, layout, spec.changelogKind(), parallelism);
    }

    private List<ScanPredicate> predicates(Chain chain, StoredTable table) {
        if (chain.condition() == null) {
            return List.of();
        }
        List<Integer> all = GraphTranslator.identity(table.schema().size());
        return ScanPredicates.of(expressions.translate(chain.condition()), all);
    }

    private boolean needsWatermarks(StoredTable table) {
        return table.eventTime() != null && (!settings.batch() || PlanFacts.hasWindows(plan.root()));
    }

    private EventTime eventTime(StoredTable table, List<Integer> layout) {
        RexNode expression = plan.planner().eventTime(table);
        if (expression == null) {
            return null;
        }
        long delayMicros = table.eventTime().delayMicros();
        return expression instanceof RexInputRef ref
                ? EventTime.ofColumn(layout.get(ref.getIndex()), delayMicros)
                : new EventTimeExpression(expressions.translate(expression.accept(new Relayout(layout))), delayMicros);
    }
}
