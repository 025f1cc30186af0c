package io.millrace.sql.translate;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.ScanPredicate;
import io.millrace.memory.types.Schema;
import io.millrace.operators.evaluation.EventTimeExpression;
import io.millrace.operators.expression.Expression;
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

/** Scans: which columns are read, what the source may leave out, and how event time is read off. */
final class ScanTranslator {
    private final PlanInput plan;
    private final PlanSettings settings;
    private final GraphBuilder graph;
    private final ExpressionTranslator expressions;

    ScanTranslator(PlanInput plan, PlanSettings settings, GraphBuilder graph, ExpressionTranslator expressions) {
        this.plan = plan;
        this.settings = settings;
        this.graph = graph;
        this.expressions = expressions;
    }

    /** The scan's columns that the chain reads, and that of the event time when watermarks are needed. */
    Stream translate(TableScan scan, Chain chain) {
        StoredTable table = scan.getTable().unwrap(StoredTable.class);
        RexNode eventTime = needsWatermarks(table) ? plan.planner().eventTime(table) : null;
        TreeSet<Integer> read = new TreeSet<>(chain.columnsRead());
        if (eventTime != null) {
            read.addAll(RelOptUtil.InputFinder.bits(eventTime).asList());
        }
        List<Integer> projection = List.copyOf(read);
        List<Integer> layout = new ArrayList<>(Collections.nCopies(table.schema().size(), -1));
        for (int i = 0; i < projection.size(); i++) {
            layout.set(projection.get(i), i);
        }
        Schema schema = table.schema().project(projection.stream().mapToInt(i -> i).toArray());
        ScanSpec spec =
                new ScanSpec(
                        table.name(),
                        table.source(),
                        projection,
                        predicates(chain, layout, projection),
                        eventTime(eventTime, table, layout),
                        schema);
        int parallelism = settings.parallelism();
        int node = graph.source(spec, parallelism, table.source().isBounded());
        return new Stream(List.of(node), schema, layout, spec.changelogKind(), parallelism);
    }

    private List<ScanPredicate> predicates(Chain chain, List<Integer> layout, List<Integer> projection) {
        if (chain.condition() == null) {
            return List.of();
        }
        Expression condition = expressions.translate(chain.condition().accept(new Relayout(layout)));
        return ScanPredicates.of(condition, projection);
    }

    private boolean needsWatermarks(StoredTable table) {
        return table.eventTime() != null && (!settings.batch() || PlanFacts.hasWindows(plan.root()));
    }

    private EventTime eventTime(RexNode expression, StoredTable table, List<Integer> layout) {
        if (expression == null) {
            return null;
        }
        long delayMicros = table.eventTime().delayMicros();
        return expression instanceof RexInputRef ref
                ? EventTime.ofColumn(layout.get(ref.getIndex()), delayMicros)
                : new EventTimeExpression(expressions.translate(expression.accept(new Relayout(layout))), delayMicros);
    }
}
