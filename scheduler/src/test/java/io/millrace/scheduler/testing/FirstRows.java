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

/** Wants so many rows and no more; says at the end how many it took. */
public record FirstRows(long wanted) implements OperatorSpec {
    @Override
    public String name() {
        return "FirstRows";
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
        return ChangelogKind.APPEND;
    }

    @Override
    public OperatorRun start(RunContext context) {
        return Counter::new;
    }

    private final class Counter implements Operator {
        private final OperatorContext context;
        private final InputChecks checks;
        private long taken;

        Counter(OperatorContext context) {
            this.context = context;
            this.checks = new InputChecks(context, true);
        }

        @Override
        public void process(int input, Batch batch, Output output) {
            checks.batch(this, batch);
            if (isSatisfied()) {
                throw new AssertionError("a batch for an operator that wants none");
            }
            taken = Math.min(wanted, taken + batch.activeCount());
            batch.close();
        }

        @Override
        public boolean isSatisfied() {
            return taken == wanted;
        }

        @Override
        public void advance(long watermarkMicros, Output output) {
            checks.watermark(this, watermarkMicros);
            if (watermarkMicros == END_OF_INPUT) {
                try (BatchBuilder builder = new BatchBuilder(context.allocator(), TestRows.SUMS, 1)) {
                    output.emit(builder.append(0L, taken, 0L).build());
                }
            }
        }

        @Override
        public void endEpoch(EpochMarker marker, Output output) {
            checks.marker(this, marker);
        }

        @Override
        public void close() {
            checks.close();
        }
    }
}
