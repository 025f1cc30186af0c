package io.millrace.connectors.basic;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.DaemonIo;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkContract;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.connectors.api.TestContext;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BasicSinksTest {
    private static final Schema SCHEMA = Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private PrintStream stream() {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @Nested
    class Print extends SinkContract {
        @Override
        protected Schema schema() {
            return SCHEMA;
        }

        @Override
        protected List<Object> row(int i) {
            return List.of((long) i, "row number " + i);
        }

        @Override
        protected Sink sink() {
            return new PrintSink(stream(), null);
        }

        @Override
        protected boolean isTransactional() {
            return false;
        }

        @Override
        protected List<List<Object>> written() {
            List<List<Object>> rows = new ArrayList<>();
            for (String line : printed().lines().toList()) {
                String row = line.substring(line.indexOf("+I[") + 3, line.length() - 1);
                int comma = row.indexOf(", ");
                rows.add(List.of(Long.parseLong(row.substring(0, comma)), row.substring(comma + 2)));
            }
            return rows;
        }
    }

    @Nested
    class Blackhole extends SinkContract {
        @Override
        protected Schema schema() {
            return SCHEMA;
        }

        @Override
        protected List<Object> row(int i) {
            return Arrays.asList((long) i, i % 3 == 0 ? null : "row number " + i);
        }

        @Override
        protected Sink sink() {
            return new BlackholeSink();
        }

        @Override
        protected boolean isTransactional() {
            return false;
        }

        @Override
        protected List<List<Object>> written() {
            return null;
        }

        @Test
        void countsAndSumsWhateverTheOrderAndTheBatches() {
            long[] sums = new long[3];
            for (int way = 0; way < 2; way++) {
                try (Driver driver = drive(2)) {
                    for (int i = 0; i < 10; i++) {
                        int start = way == 0 ? i * 10 : 90 - i * 10;
                        driver.writeRows(way == 0 ? 0 : i % 2, start, start + 5);
                        driver.writeRows(0, start + 5, start + 10);
                    }
                    BlackholeSink.Run run = (BlackholeSink.Run) driver.run;
                    assertThat(run.rows()).isEqualTo(100);
                    sums[way] = run.checksum();
                }
            }
            try (Driver driver = drive(1)) {
                driver.writeRows(0, 0, 99);
                driver.writeRows(0, 100, 101);
                sums[2] = ((BlackholeSink.Run) driver.run).checksum();
            }
            assertThat(sums[0]).isEqualTo(sums[1]).isNotEqualTo(sums[2]);
        }

        @Test
        void aRowThatIsTakenAwayCancelsOneThatWasAdded() {
            try (Driver driver = drive(1);
                    BatchBuilder builder = new BatchBuilder(driver.root, SCHEMA, 4, true)) {
                builder.appendWeighted(1, 1L, "a").appendWeighted(2, 2L, "b").appendWeighted(-1, 1L, "a");
                builder.appendWeighted(-2, 2L, "b");
                driver.write(0, builder.build());
                assertThat(((BlackholeSink.Run) driver.run).checksum()).isZero();
                assertThat(((BlackholeSink.Run) driver.run).rows()).isEqualTo(4);
            }
        }
    }

    private void print(Sink sink, Schema schema, int writers, BiConsumer<SinkWriter, BatchBuilder> writing) {
        DaemonIo io = new DaemonIo();
        try (Allocator root = Allocator.root(16 << 20);
                SinkRun run = sink.start(new SinkRequest("job", schema, ChangelogKind.RETRACT, writers, false));
                BatchBuilder builder = new BatchBuilder(root, schema, 4, true);
                SinkWriter writer = run.open(writers - 1, new TestContext(root, Clock.system(), io, 64))) {
            writing.accept(writer, builder);
            var prepared = writer.prepare(1);
            while (!prepared.isDone()) {
                LockSupport.parkNanos(100_000);
            }
        } finally {
            io.close();
        }
    }

    @Test
    void printsValuesAsFlinkDoes() {
        Schema schema =
                Schema.of(
                        "a", DataType.INT,
                        "b", DataType.TIMESTAMP,
                        "c", DataType.array(DataType.INT),
                        "d", DataType.row(List.of(new Field("x", DataType.DOUBLE))),
                        "e", DataType.BOOLEAN);
        print(
                new PrintSink(stream(), "id"),
                schema,
                1,
                (writer, builder) -> {
                    builder.appendWeighted(
                            1, 1, LocalDateTime.parse("2026-01-31T10:00:00.123"), List.of(1, 2), List.of(0.5), null);
                    writer.write(builder.build());
                });
        assertThat(printed()).isEqualTo("id> +I[1, 2026-01-31T10:00:00.123, [1, 2], [0.5], null]\n");
    }

    @Test
    void printsWeightsAsInsertsAndDeletes() {
        print(
                new PrintSink(stream(), null),
                SCHEMA,
                2,
                (writer, builder) -> {
                    builder.appendWeighted(2, 1L, "a").appendWeighted(-1, 1L, "a");
                    writer.write(builder.build());
                });
        assertThat(printed()).isEqualTo("2> +I[1, a]\n2> +I[1, a]\n2> -D[1, a]\n");
    }

    @Test
    void foldsTheChangesOfAKeyAtTheEndOfAnEpoch() {
        print(
                new PrintSink(stream(), null, 0),
                SCHEMA,
                1,
                (writer, builder) -> {
                    builder.appendWeighted(1, 1L, "a").appendWeighted(1, 2L, "b");
                    writer.write(builder.build());
                    writer.endEpoch(1);
                    builder.appendWeighted(1, 1L, "c").appendWeighted(-1, 1L, "a").appendWeighted(-1, 2L, "b");
                    builder.appendWeighted(1, 3L, "x").appendWeighted(-1, 3L, "x");
                    writer.write(builder.build());
                    writer.endEpoch(2);
                });
        assertThat(printed()).isEqualTo("+I[1, a]\n+I[2, b]\n-U[1, a]\n+U[1, c]\n-D[2, b]\n");
    }
}
