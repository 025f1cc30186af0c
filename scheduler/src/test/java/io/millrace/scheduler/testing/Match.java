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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A join of two inputs on the row's number: a row goes out when both sides have it. The other output is never late. */
public record Match(int maxRowsAtOnce) implements OperatorSpec {
    @Override
    public String name() {
        return "Match";
    }

    @Override
    public String describe() {
        return "";
    }

    @Override
    public Schema outputSchema() {
        return TestRows.SCHEMA;
    }

    @Override
    public ChangelogKind changelogKind() {
        return ChangelogKind.APPEND;
    }

    @Override
    public OperatorRun start(RunContext context) {
        return Join::new;
    }

    private final class Join implements Operator {
        private final InputChecks checks;
        private final BatchBuilder builder;
        private final List<Set<Long>> waiting = List.of(new HashSet<>(), new HashSet<>());
        private final ArrayDeque<Object[]> pending = new ArrayDeque<>();

        Join(OperatorContext context) {
            this.checks = new InputChecks(context, true);
            this.builder = new BatchBuilder(context.allocator(), TestRows.SCHEMA, maxRowsAtOnce);
        }

        @Override
        public void process(int input, Batch batch, Output output) {
            checks.batch(this, batch);
            for (int i = 0; i < batch.activeCount(); i++) {
                int row = batch.row(i);
                long number = batch.column(TestRows.NUMBER).getLong(row);
                if (waiting.get(1 - input).remove(number)) {
                    pending.add(
                            new Object[] {
                                batch.column(TestRows.KEY).getLong(row),
                                number,
                                batch.column(TestRows.TIME).getLong(row)
                            });
                } else if (!waiting.get(input).add(number)) {
                    batch.close();
                    throw new AssertionError("row " + number + " twice at input " + input);
                }
            }
            batch.close();
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
                    builder.append(pending.poll());
                }
                output.emit(builder.build());
            }
            return true;
        }

        @Override
        public void advance(long watermarkMicros, Output output) {
            checks.watermark(this, watermarkMicros);
        }

        @Override
        public void endEpoch(EpochMarker marker, Output output) {
            checks.marker(this, marker);
        }

        @Override
        public void close() {
            checks.close();
            builder.close();
        }
    }
}
