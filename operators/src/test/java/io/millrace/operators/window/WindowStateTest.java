package io.millrace.operators.window;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.aggregate.AggregateCall;
import io.millrace.operators.aggregate.AggregateFunction;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.StatefulContract;
import io.millrace.operators.window.WindowAggregateSpec.Boundary;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;

/** Windows, kept and restored while some are open, with rows that come too late for all, or for some, of theirs. */
final class WindowStateTest {
    private static final Schema INPUT =
            Schema.of("t", DataType.TIMESTAMP, "k", DataType.BIGINT, "v", DataType.BIGINT.notNull());
    private static final Schema OUTPUT =
            Schema.of(
                    "k", DataType.BIGINT,
                    "n", DataType.BIGINT.notNull(),
                    "d", DataType.BIGINT.notNull(),
                    "window_start", DataType.TIMESTAMP.notNull());
    private static final AggregateCall COUNT =
            new AggregateCall(AggregateFunction.COUNT, false, -1, -1, DataType.BIGINT.notNull());
    private static final AggregateCall MAX =
            new AggregateCall(AggregateFunction.MAX, false, 2, -1, DataType.BIGINT.notNull());
    private static final AggregateCall DISTINCT =
            new AggregateCall(AggregateFunction.COUNT, true, 2, -1, DataType.BIGINT.notNull());

    /** Windows of a shape. */
    abstract static class Kept extends StatefulContract {
        private final WindowShape shape;
        private final AggregateCall second;
        private final boolean early;
        private final List<List<Object>> rows = new ArrayList<>();

        Kept(WindowShape shape, AggregateCall second, boolean early) {
            this.shape = shape;
            this.second = second;
            this.early = early;
            Random random = new Random(11);
            for (int i = 0; i < 150; i++) {
                long micros = 100_000L * i - random.nextInt(3_000_000);
                LocalDateTime time =
                        LocalDateTime.ofEpochSecond(
                                Math.floorDiv(micros, 1_000_000),
                                (int) Math.floorMod(micros, 1_000_000) * 1000,
                                ZoneOffset.UTC);
                rows.add(
                        Arrays.asList(
                                time,
                                random.nextInt(9) == 0 ? null : (long) random.nextInt(6),
                                (long) random.nextInt(5)));
            }
        }

        @Override
        protected OperatorSpec spec() {
            return new WindowAggregateSpec(
                    INPUT,
                    shape,
                    0,
                    List.of(1),
                    List.of(COUNT, second),
                    List.of(Boundary.WINDOW_START),
                    OUTPUT,
                    ChangelogKind.APPEND,
                    early,
                    "t");
        }

        @Override
        protected List<Integer> keyColumns() {
            return List.of(1);
        }

        @Override
        protected Long watermarkAfterStep(int step) {
            return step % 2 == 0 ? null : 600_000L * step - 1_500_000;
        }

        @Override
        protected List<List<Object>> inputRows(int input) {
            return rows;
        }

        @Override
        protected List<Schema> inputSchemas() {
            return List.of(INPUT);
        }
    }

    @Nested
    final class Tumbling extends Kept {
        Tumbling() {
            super(new WindowShape(2_000_000, 2_000_000, 0), MAX, false);
        }
    }

    @Nested
    final class Sliding extends Kept {
        Sliding() {
            super(new WindowShape(3_000_000, 1_000_000, 0), DISTINCT, false);
        }
    }

    @Nested
    final class TumblingWithEarlyResults extends Kept {
        TumblingWithEarlyResults() {
            super(new WindowShape(2_000_000, 2_000_000, 500_000), DISTINCT, true);
        }
    }

    @Nested
    final class SlidingWithEarlyResults extends Kept {
        SlidingWithEarlyResults() {
            super(new WindowShape(3_000_000, 1_000_000, 0), MAX, true);
        }
    }
}
