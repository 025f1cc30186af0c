package io.millrace.operators.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.KernelMode;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.RunContext;
import io.millrace.operators.contract.SourceOperator;
import io.millrace.operators.contract.TestContext;
import io.millrace.operators.contract.TestOutput;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScanOperatorTest {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final Schema SCHEMA = new Schema(List.of(new Field("ts", DataType.timestamp(3))));

    /** Each poll of each reader is what the test says. */
    @FunctionalInterface
    private interface Reading {
        SourceReader.Poll poll(int reader, SourceOutput output, Allocator allocator);
    }

    private static ScanSpec spec(boolean watermarks, Reading reading) {
        return new ScanSpec(
                "t",
                new FakeSource(reading),
                List.of(0),
                List.of(),
                List.of(),
                EventTime.ofColumn(0, 0),
                watermarks,
                SCHEMA);
    }

    private static Batch batch(Allocator allocator, Long... times) {
        try (BatchBuilder builder = new BatchBuilder(allocator, SCHEMA, times.length)) {
            for (Long time : times) {
                if (time == null) {
                    builder.column(0).appendNull();
                } else {
                    builder.column(0).appendLong(time);
                }
            }
            return builder.build();
        }
    }

    private record FakeSource(Reading reading) implements Source {
        @Override
        public Schema schema() {
            return SCHEMA;
        }

        @Override
        public boolean isBounded() {
            return false;
        }

        @Override
        public SourceRun start(ScanRequest request) {
            return new SourceRun() {
                @Override
                public SourceReader open(int reader, ReaderContext context) {
                    return new SourceReader() {
                        @Override
                        public Poll poll(SourceOutput output) {
                            return reading.poll(reader, output, context.allocator());
                        }

                        @Override
                        public void close() {}
                    };
                }

                @Override
                public SourceProgress progress() {
                    return new SourceProgress(0, -1, 0, -1, true);
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void aSilentTaskOfASourceDoesNotHoldBackTheOther() {
        boolean[] opened = new boolean[2];
        ScanSpec spec =
                spec(
                        true,
                        (reader, output, allocator) -> {
                            if (!opened[reader]) {
                                opened[reader] = true;
                                output.openSplit(reader, Long.MIN_VALUE);
                                output.declared(reader);
                            }
                            if (reader == 1) {
                                output.nothingToRead(reader);
                                return SourceReader.Poll.IDLE;
                            }
                            output.emit(reader, batch(allocator, 1_000_000L));
                            return SourceReader.Poll.ACTIVE;
                        });
        try (TestContext context = new TestContext(8, KernelMode.INTERPRETED);
                ScanRun run = new ScanRun(spec, new RunContext("job", "scan", false, 2, SECOND_NANOS));
                Operator busy = run.open(context.task(0, 2));
                Operator silent = run.open(context.task(1, 2))) {
            TestOutput ofBusy = new TestOutput(false);
            TestOutput ofSilent = new TestOutput(false);
            ((SourceOperator) busy).poll(ofBusy);
            ((SourceOperator) silent).poll(ofSilent);
            assertThat(ofBusy.watermarks()).containsExactly(1_000_000L);
            assertThat(ofSilent.watermarks()).isEmpty();
            context.clock().advanceNanos(SECOND_NANOS);
            ((SourceOperator) silent).poll(ofSilent);
            assertThat(ofSilent.watermarks()).containsExactly(1_000_000L);
        }
    }

    @Test
    void rowsWithoutATimeAreSetAsideWhetherOrNotWatermarksAreNeeded() {
        for (boolean watermarks : new boolean[] {true, false}) {
            ScanSpec spec =
                    spec(
                            watermarks,
                            (reader, output, allocator) -> {
                                output.openSplit(0, Long.MIN_VALUE);
                                output.declared(0);
                                output.emit(0, batch(allocator, 1L, null, 3L));
                                return SourceReader.Poll.ACTIVE;
                            });
            try (TestContext context = new TestContext(8, KernelMode.INTERPRETED);
                    ScanRun run = new ScanRun(spec, new RunContext("job", "scan", false, 1, 0));
                    Operator scan = run.open(context)) {
                TestOutput out = new TestOutput(false);
                ((SourceOperator) scan).poll(out);
                assertThat(out.rows()).hasSize(2);
                assertThat(out.watermarks()).hasSize(watermarks ? 1 : 0);
            }
        }
    }

    @Test
    void leaksNothingWhenThereIsNoMemoryToLeaveRowsOut() {
        Allocator root = Allocator.root(256L << 20);
        boolean[] full = new boolean[1];
        root.injectFault((tag, bytes) -> full[0]);
        ScanSpec spec =
                spec(
                        true,
                        (reader, output, allocator) -> {
                            output.openSplit(0, Long.MIN_VALUE);
                            output.declared(0);
                            Batch batch = batch(allocator, 1L, null);
                            full[0] = true;
                            output.emit(0, batch);
                            return SourceReader.Poll.ACTIVE;
                        });
        try (TestContext context = new TestContext(root, 8, KernelMode.INTERPRETED);
                ScanRun run = new ScanRun(spec, new RunContext("job", "scan", false, 1, 0));
                Operator scan = run.open(context)) {
            assertThatThrownBy(() -> ((SourceOperator) scan).poll(new TestOutput(false)))
                    .isInstanceOf(MillraceException.class);
        }
    }
}
