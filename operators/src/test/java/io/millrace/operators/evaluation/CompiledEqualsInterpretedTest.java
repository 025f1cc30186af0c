package io.millrace.operators.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.operators.contract.KernelMode;
import io.millrace.operators.contract.TestContext;
import io.millrace.operators.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The interpreted and the compiled evaluator give the same values and the same errors for random expressions over
 * random batches. {@code -Dmillrace.test.seed} repeats a run, {@code -Dmillrace.test.expressions} makes it longer.
 */
final class CompiledEqualsInterpretedTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 20_260_301L);
    private static final int EXPRESSIONS = Integer.getInteger("millrace.test.expressions", 1_500);
    private static final int BATCHES = 3;

    /** What came of one expression over one batch: values of the selected rows, the rows kept, or an error. */
    private record Outcome(List<Object> values, String error) {}

    @Test
    void givesEqualValuesAndErrors() {
        for (int i = 0; i < EXPRESSIONS; i++) {
            long seed = SEED + i;
            Expression expression = new RandomExpressions(new Random(seed)).any();
            String difference = difference(expression, seed, false);
            if (difference != null) {
                throw new AssertionError(report(expression, seed, false) + "\nfirst seen: " + difference);
            }
        }
    }

    @Test
    void keepsEqualRowsForConditions() {
        for (int i = 0; i < EXPRESSIONS / 2; i++) {
            long seed = SEED + 1_000_000 + i;
            Expression condition = new RandomExpressions(new Random(seed)).of(DataType.BOOLEAN, 4);
            String difference = difference(condition, seed, true);
            if (difference != null) {
                throw new AssertionError(report(condition, seed, true) + "\nfirst seen: " + difference);
            }
        }
    }

    private static String report(Expression failing, long seed, boolean condition) {
        Expression least = failing;
        boolean shrunk = true;
        while (shrunk) {
            shrunk = false;
            for (Expression candidate : RandomExpressions.smaller(least)) {
                if (differs(candidate, seed, condition)) {
                    least = candidate;
                    shrunk = true;
                    break;
                }
            }
        }
        return "seed="
                + seed
                + " expression="
                + least
                + " of type "
                + least.type()
                + ": "
                + difference(least, seed, condition);
    }

    private static boolean differs(Expression expression, long seed, boolean condition) {
        try {
            return difference(expression, seed, condition) != null;
        } catch (RuntimeException invalid) {
            return false;
        }
    }

    /** What differs, or null. */
    private static String difference(Expression expression, long seed, boolean condition) {
        try (Allocator root = Allocator.root(1L << 30);
                TestContext interpreted = new TestContext(root.child("interpreted"), 64, KernelMode.INTERPRETED);
                TestContext compiled = new TestContext(root.child("compiled"), 64, KernelMode.COMPILED)) {
            List<Outcome> expected = run(expression, interpreted, new RandomBatches(new Random(seed), root), condition);
            List<Outcome> found = run(expression, compiled, new RandomBatches(new Random(seed), root), condition);
            if (!compiled.ioFailures().isEmpty()) {
                return "does not compile: " + compiled.ioFailures().getFirst().getMessage();
            }
            for (int i = 0; i < expected.size(); i++) {
                if (!Objects.equals(expected.get(i), found.get(i))) {
                    return "batch " + i + "\n interpreted " + expected.get(i) + "\n compiled    " + found.get(i);
                }
            }
            return null;
        }
    }

    private static List<Outcome> run(
            Expression expression, TestContext context, RandomBatches batches, boolean condition) {
        List<Outcome> outcomes = new ArrayList<>();
        if (condition) {
            try (PredicateEvaluator evaluator = PredicateEvaluator.of(expression, context, 0)) {
                for (int i = 0; i < BATCHES; i++) {
                    try (Batch batch = batches.next()) {
                        outcomes.add(kept(evaluator, batch));
                    }
                    context.runIo();
                }
            }
            return outcomes;
        }
        try (ExpressionEvaluator evaluator = ExpressionEvaluator.of(List.of(expression), context, 0)) {
            for (int i = 0; i < BATCHES; i++) {
                try (Batch batch = batches.next()) {
                    outcomes.add(computed(evaluator, batch));
                }
                context.runIo();
            }
        }
        return outcomes;
    }

    private static Outcome kept(PredicateEvaluator evaluator, Batch batch) {
        try {
            evaluator.narrow(batch);
        } catch (MillraceException failure) {
            return new Outcome(List.of(), failure.code() + " " + failure.getMessage());
        }
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < batch.activeCount(); i++) {
            rows.add(batch.row(i));
        }
        return new Outcome(rows, null);
    }

    private static Outcome computed(ExpressionEvaluator evaluator, Batch batch) {
        Column[] columns;
        try {
            columns = evaluator.evaluate(batch);
        } catch (MillraceException failure) {
            return new Outcome(List.of(), failure.code() + " " + failure.getMessage());
        }
        Column column = columns[0];
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < batch.activeCount(); i++) {
            values.add(column.getObject(batch.row(i)));
        }
        checkNullCount(column);
        column.release();
        return new Outcome(values, null);
    }

    private static void checkNullCount(Column column) {
        int nulls = 0;
        for (int row = 0; row < column.rowCount(); row++) {
            nulls += column.isNull(row) ? 1 : 0;
        }
        assertThat(column.nullCount()).isEqualTo(nulls);
    }
}
