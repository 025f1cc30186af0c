package io.millrace.sql.translate;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.operators.aggregate.AggregateCall;
import io.millrace.operators.aggregate.AggregateFunction;
import io.millrace.operators.aggregate.AggregateSpec;
import io.millrace.operators.graph.Partitioning;
import java.util.ArrayList;
import java.util.List;

/**
 * An aggregate without keys over bounded input in two steps: each task makes one row of its share, one task merges
 * them. Only where the merge gives the same answer: not for DISTINCT, AVG, or sums of floating-point numbers, which
 * must not depend on how rows are shared out. Sums of integers are DECIMAL in between: a share's sum may be out of a
 * range that the whole is in.
 */
final class PartialAggregation {
    private static final DataType WIDE_SUM = DataType.decimal(DataType.MAX_DECIMAL_PRECISION, 0);

    private PartialAggregation() {}

    /** The partial rows, or {@code input} itself where one step it is. */
    static Stream of(GraphTranslator translator, Stream input, List<AggregateCall> calls) {
        boolean worthwhile = translator.settings().batch() && input.parallelism() > 1 && input.nodes().size() == 1;
        if (!worthwhile
                || calls.isEmpty()
                || input.kind() != ChangelogKind.APPEND
                || !calls.stream().allMatch(PartialAggregation::merges)) {
            return input;
        }
        List<Field> fields = new ArrayList<>();
        List<AggregateCall> partial = calls.stream().map(PartialAggregation::partial).toList();
        for (int i = 0; i < partial.size(); i++) {
            fields.add(new Field("partial" + i, partial.get(i).type()));
        }
        Schema schema = new Schema(fields);
        AggregateSpec spec =
                new AggregateSpec(input.schema(), List.of(), partial, schema, input.kind(), ChangelogKind.APPEND);
        int node = translator.graph().operator(spec, input, Partitioning.FORWARD, input.parallelism());
        return new Stream(
                List.of(node),
                schema,
                GraphTranslator.identity(schema.size()),
                ChangelogKind.APPEND,
                input.parallelism());
    }

    private static boolean merges(AggregateCall call) {
        return !call.distinct()
                && switch (call.function()) {
                    case COUNT, MIN, MAX -> true;
                    case SUM -> AggregateTranslator.isExact(call.type());
                    case AVG -> false;
                };
    }

    private static AggregateCall partial(AggregateCall call) {
        boolean integer =
                switch (call.type().kind()) {
                    case TINYINT, SMALLINT, INT, BIGINT -> true;
                    default -> false;
                };
        return integer && call.function() == AggregateFunction.SUM
                ? new AggregateCall(
                        AggregateFunction.SUM,
                        false,
                        call.argument(),
                        call.filter(),
                        WIDE_SUM.withNullable(call.type().nullable()))
                : call;
    }

    /** The calls that merge partial rows: counts are summed. */
    static List<AggregateCall> merging(List<AggregateCall> calls) {
        List<AggregateCall> merging = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            AggregateCall call = calls.get(i);
            AggregateFunction function =
                    call.function() == AggregateFunction.COUNT ? AggregateFunction.SUM : call.function();
            merging.add(new AggregateCall(function, false, i, -1, call.type()));
        }
        return merging;
    }
}
