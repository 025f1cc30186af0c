package io.millrace.operators.sort;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.StatefulContract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;

/** Rows that wait to be ordered, and a limit that is used up in part, kept and restored. */
final class SortStateTest {
    private static final Schema SCHEMA = Schema.of("a", DataType.BIGINT, "s", DataType.VARCHAR);

    /** ORDER BY or LIMIT. */
    abstract static class Kept extends StatefulContract {
        private final SortSpec spec;
        private final List<List<Object>> rows = new ArrayList<>();
        private final List<Long> weights = new ArrayList<>();

        Kept(SortSpec spec) {
            this.spec = spec;
            Random random = new Random(3);
            List<List<Object>> present = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                if (spec.inputKind() != ChangelogKind.APPEND && random.nextInt(3) == 0 && !present.isEmpty()) {
                    rows.add(present.remove(random.nextInt(present.size())));
                    weights.add(-1L);
                } else {
                    Long a = random.nextInt(8) == 0 ? null : (long) random.nextInt(30);
                    List<Object> row = Arrays.asList(a, random.nextInt(8) == 0 ? null : "row of some length " + i);
                    rows.add(row);
                    present.add(row);
                    weights.add(1L);
                }
            }
        }

        @Override
        protected OperatorSpec spec() {
            return spec;
        }

        @Override
        protected List<Integer> keyColumns() {
            return List.of();
        }

        @Override
        protected boolean isBounded() {
            return true;
        }

        @Override
        protected List<List<Object>> inputRows(int input) {
            return rows;
        }

        @Override
        protected List<Long> inputWeights(int input) {
            return spec.inputKind() == ChangelogKind.APPEND ? null : weights;
        }

        @Override
        protected List<Schema> inputSchemas() {
            return List.of(SCHEMA);
        }
    }

    @Nested
    final class Ordered extends Kept {
        Ordered() {
            super(new SortSpec(SCHEMA, ChangelogKind.APPEND, List.of(new SortKey(0, false, true)), 3, 20));
        }
    }

    @Nested
    final class OrderedRowsThatComeAndGo extends Kept {
        OrderedRowsThatComeAndGo() {
            super(new SortSpec(SCHEMA, ChangelogKind.RETRACT, List.of(new SortKey(1, true, false)), 0, -1));
        }
    }

    @Nested
    final class Limited extends Kept {
        Limited() {
            super(new SortSpec(SCHEMA, ChangelogKind.APPEND, List.of(), 7, 55));
        }

        @Override
        protected List<List<Object>> inputRows(int input) {
            // Which rows pass depends on their order, so they are all alike.
            return super.inputRows(input).stream().map(row -> Arrays.<Object>asList(1L, "row")).toList();
        }
    }
}
