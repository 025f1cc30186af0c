package io.millrace.scheduler.testing;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.RunContext;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Count and sum of numbers by key, as a changelog: what changed goes out with each epoch and at the end.
 *
 * @param sourceTasks of the source that the rows come from, whose order they keep; 0 when they keep none
 */
public record KeyedSum(int sourceTasks, int maxRowsAtOnce) implements OperatorSpec {
    @Override
    public String name() {
        return "KeyedSum";
    }

    @Override
    public String describe() {
        return "";
    }

    @Override
    public Schema outputSchema() {
        return TestRows.SUMS;
    }

    @Override
    public ChangelogKind changelogKind() {
        return ChangelogKind.RETRACT;
    }

    @Override
    public OperatorRun start(RunContext context) {
        return Sums::new;
    }

    private record Sum(long count, long sum) {}

    private record Change(long weight, long key, Sum sum) {}

    private final class Sums implements Operator {
        private final InputChecks checks;
        private final BatchBuilder builder;
        private final Map<Long, Sum> sums = new LinkedHashMap<>();
        private final Map<Long, Sum> told = new LinkedHashMap<>();
        private final Set<Long> changed = new LinkedHashSet<>();
        private final ArrayDeque<Change> pending = new ArrayDeque<>();

        Sums(OperatorContext context) {
            this.checks = new InputChecks(context, true);
            this.builder = new BatchBuilder(context.allocator(), TestRows.SUMS, maxRowsAtOnce, true);
        }

        @Override
        public void process(int input, Batch batch, Output output) {
            checks.batch(this, batch);
            if (sourceTasks > 0) {
                checks.keyed(input, batch, sourceTasks);
            }
            for (int i = 0; i < batch.activeCount(); i++) {
                int row = batch.row(i);
                long key = batch.column(TestRows.KEY).getLong(row);
                long number = batch.column(TestRows.NUMBER).getLong(row);
                sums.merge(key, new Sum(1, number), (a, b) -> new Sum(a.count + b.count, a.sum + b.sum));
                changed.add(key);
            }
            batch.close();
        }

        @Override
        public void advance(long watermarkMicros, Output output) {
            checks.watermark(this, watermarkMicros);
            if (watermarkMicros == END_OF_INPUT) {
                tell(output);
            }
        }

        @Override
        public void endEpoch(EpochMarker marker, Output output) {
            checks.marker(this, marker);
            tell(output);
        }

        private void tell(Output output) {
            for (long key : changed) {
                Sum now = sums.get(key);
                Sum before = told.put(key, now);
                if (before != null) {
                    pending.add(new Change(-1, key, before));
                }
                pending.add(new Change(1, key, now));
            }
            changed.clear();
            resume(output);
        }

        @Override
        public boolean hasPending() {
            return !pending.isEmpty();
        }

        @Override
        public boolean resume(Output output) {
            // one batch more than there is room for, as the contract allows
            for (boolean room = true; !pending.isEmpty() && room; ) {
                room = !output.isFull();
                for (int i = 0; i < maxRowsAtOnce && !pending.isEmpty(); i++) {
                    Change change = pending.poll();
                    builder.appendWeighted(change.weight, change.key, change.sum.count, change.sum.sum);
                }
                output.emit(builder.build());
            }
            return true;
        }

        @Override
        public void close() {
            checks.close();
            builder.close();
        }
    }
}
