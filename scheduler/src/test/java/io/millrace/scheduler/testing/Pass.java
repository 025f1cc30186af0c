package io.millrace.scheduler.testing;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.RunContext;

/**
 * Lets through the rows whose number leaves {@code remainder} when divided by {@code divisor}, a few at a time, so that
 * it often has something pending.
 */
public record Pass(int divisor, int remainder, int maxRowsAtOnce) implements OperatorSpec {
    @Override
    public String name() {
        return "Pass";
    }

    @Override
    public String describe() {
        return "number % " + divisor + " = " + remainder;
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
        return Filter::new;
    }

    private final class Filter implements Operator {
        private final OperatorContext context;
        private final InputChecks checks;
        private Batch batch;
        private int[] chosen = {};
        private int emitted;

        Filter(OperatorContext context) {
            this.context = context;
            this.checks = new InputChecks(context, true);
        }

        @Override
        public void process(int input, Batch given, Output output) {
            checks.batch(this, given);
            batch = given;
            chosen =
                    java.util.stream.IntStream.range(0, given.activeCount())
                            .map(given::row)
                            .filter(row -> given.column(TestRows.NUMBER).getLong(row) % divisor == remainder)
                            .toArray();
            emitted = 0;
            resume(output);
        }

        @Override
        public boolean resume(Output output) {
            // one batch more than there is room for, as the contract allows
            for (boolean room = true; emitted < chosen.length && room; ) {
                room = !output.isFull();
                int count = Math.min(maxRowsAtOnce, chosen.length - emitted);
                Selection few =
                        Selection.of(
                                context.allocator(), java.util.Arrays.copyOfRange(chosen, emitted, emitted + count));
                Batch part = batch.share();
                part.select(few);
                emitted += count;
                output.emit(part);
            }
            if (emitted == chosen.length && batch != null) {
                batch.close();
                batch = null;
            }
            return true;
        }

        @Override
        public boolean hasPending() {
            return batch != null;
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
            if (batch != null) {
                batch.close();
                batch = null;
            }
        }
    }
}
