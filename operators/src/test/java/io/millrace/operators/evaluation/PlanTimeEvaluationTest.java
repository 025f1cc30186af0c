package io.millrace.operators.evaluation;

import static io.millrace.operators.evaluation.Evaluations.call;
import static io.millrace.operators.evaluation.Evaluations.cast;
import static io.millrace.operators.evaluation.Evaluations.integer;
import static io.millrace.operators.evaluation.Evaluations.literal;
import static io.millrace.operators.evaluation.Evaluations.number;
import static io.millrace.operators.evaluation.Evaluations.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.EventTime.Bounds;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.expression.Expressions;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PlanTimeEvaluationTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 11L);
    private static final Expression LONG = new Expression.Input(0, DataType.BIGINT);

    @Test
    void foldsWhatDependsOnNoRow() {
        assertThat(ConstantFolder.fold(call("+", LONG, call("*", number(6), number(7)))))
                .isEqualTo(call("+", LONG, number(42)));
        Expression failing = call("/", number(1), number(0));
        assertThat(ConstantFolder.fold(failing)).isEqualTo(failing);
        Expression unknown = call("=", LONG, number(1));
        Expression truth = literal(true, DataType.BOOLEAN);
        assertThat(ConstantFolder.fold(call("AND", truth, unknown, truth))).isEqualTo(unknown);
        assertThat(ConstantFolder.fold(call("OR", call("=", number(1), number(1)), unknown))).isEqualTo(truth);
    }

    @Test
    void foldsOnTheWallClockOfTheSession() {
        Expression instant = literal(Instant.parse("2024-07-01T22:30:00Z"), DataType.timestampLtz(3));
        Expression day = Expressions.inSession(cast(instant, DataType.DATE.notNull()), 0, ZoneId.of("Europe/Berlin"));
        assertThat(ConstantFolder.fold(day)).isEqualTo(literal(LocalDate.of(2024, 7, 2), DataType.DATE));
    }

    /** Event times over a BIGINT of milliseconds; every one rises and falls with it in a known way. */
    private static Expression[] eventTimes() {
        Expression time = call("TO_TIMESTAMP_LTZ", LONG, integer(3));
        return new Expression[] {
            time,
            call("ADD_MICROS", time, number(-5_000_000)),
            call("FLOOR", call("TO_TIMESTAMP_LTZ", call("+", call("*", LONG, number(-3)), number(17))), text("HOUR")),
            call("TO_TIMESTAMP_LTZ", call("/", call("-", number(9), LONG), number(1000)), integer(0)),
            cast(time, DataType.timestamp(0)),
            call("ADD_MONTHS", time, integer(1)),
        };
    }

    @Test
    void boundsHoldEveryEventTime() {
        Random random = new Random(SEED);
        Schema schema = Schema.of("millis", DataType.BIGINT);
        try (Allocator root = Allocator.root(16L << 20)) {
            for (Expression expression : eventTimes()) {
                EventTimeExpression time = new EventTimeExpression(expression, 0);
                for (int round = 0; round < 20; round++) {
                    long min = random.nextLong(-4_000_000_000L, 4_000_000_000_000L);
                    long max = min + random.nextLong(1, 10_000_000);
                    Bounds bounds = time.bounds(column -> new Bounds(min, max));
                    assertThat(bounds).as("seed=%d %s", SEED, expression).isNotNull();
                    try (BatchBuilder builder = new BatchBuilder(root, schema, 50)) {
                        builder.append(min).append(max);
                        random.longs(48, min, max).forEach(builder::append);
                        try (Batch batch = builder.build()) {
                            Column times = time.evaluate(batch, root);
                            for (int row = 0; row < 50; row++) {
                                assertThat(times.getLong(row)).isBetween(bounds.min(), bounds.max());
                            }
                            times.release();
                        }
                    }
                }
            }
        }
    }

    @Test
    void unknownBoundsStayUnknown() {
        Expression time = call("TO_TIMESTAMP_LTZ", LONG, integer(3));
        assertThat(new EventTimeExpression(time, 0).bounds(column -> null)).isNull();
        assertThat(new EventTimeExpression(time, 0).bounds(column -> new Bounds(0, Long.MAX_VALUE))).isNull();
        Expression parsed = call("TO_TIMESTAMP", new Expression.Input(0, DataType.VARCHAR));
        assertThat(new EventTimeExpression(parsed, 0).bounds(column -> new Bounds(0, 1))).isNull();
    }
}
