package io.millrace.operators.expression;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** What planners and evaluators do to whole expressions. */
public final class Expressions {
    private static final String AT_ZONE = "AT ZONE";
    private static final Set<String> ZONED =
            Set.of("TO_TIMESTAMP_LTZ", "FROM_UNIXTIME", "UNIX_TIMESTAMP", "CONVERT_TZ");

    private Expressions() {}

    /** An expression and the zone of its session. */
    public record Session(Expression expression, ZoneId zone) {}

    /**
     * Fixes what an expression takes from its session, so that all tasks compute the same: the current time becomes a
     * literal, and where the zone matters it goes along.
     */
    public static Expression inSession(Expression expression, long statementMicros, ZoneId zone) {
        Expression timed = rewrite(expression, e -> isCurrentTime(e) ? currentTime(e, statementMicros, zone) : e);
        if (zone.normalized().equals(ZoneOffset.UTC) || !dependsOnZone(timed)) {
            return timed;
        }
        Expression.Literal name = new Expression.Literal(zone.getId(), DataType.VARCHAR.notNull());
        return new Expression.Call(AT_ZONE, List.of(timed, name), timed.type());
    }

    /** The zone that {@link #inSession} put in, UTC when it put none, and the expression without it. */
    public static Session sessionOf(Expression expression) {
        if (expression instanceof Expression.Call call && call.function().equals(AT_ZONE)) {
            String zone = (String) ((Expression.Literal) call.arguments().get(1)).value();
            return new Session(call.arguments().get(0), ZoneId.of(zone));
        }
        return new Session(expression, ZoneOffset.UTC);
    }

    private static boolean isCurrentTime(Expression expression) {
        return expression instanceof Expression.Call call
                && switch (call.function().toUpperCase(Locale.ROOT)) {
                    case "CURRENT_TIMESTAMP",
                            "NOW",
                            "CURRENT_ROW_TIMESTAMP",
                            "LOCALTIMESTAMP",
                            "CURRENT_DATE",
                            "CURRENT_TIME",
                            "LOCALTIME",
                            "PROCTIME" ->
                            true;
                    default -> false;
                };
    }

    private static Expression currentTime(Expression expression, long micros, ZoneId zone) {
        Instant instant =
                Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
        LocalDateTime local = LocalDateTime.ofInstant(instant, zone);
        DataType type = expression.type();
        Object value =
                switch (type.kind()) {
                    case TIMESTAMP -> local.truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
                    case DATE -> LocalDate.from(local);
                    case TIME -> LocalTime.from(local).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
                    default -> instant.truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
                };
        return new Expression.Literal(value, type.notNull());
    }

    private static boolean dependsOnZone(Expression expression) {
        if (!(expression instanceof Expression.Call call)) {
            return false;
        }
        boolean zoned =
                ZONED.contains(call.function().toUpperCase(Locale.ROOT))
                        || call.type().kind() == TypeKind.TIMESTAMP_LTZ
                        || call.arguments().stream().anyMatch(a -> a.type().kind() == TypeKind.TIMESTAMP_LTZ);
        return zoned || call.arguments().stream().anyMatch(Expressions::dependsOnZone);
    }

    /** Replaces nodes, the innermost first. */
    public static Expression rewrite(Expression expression, Function<Expression, Expression> change) {
        if (expression instanceof Expression.Call call) {
            List<Expression> arguments = call.arguments().stream().map(argument -> rewrite(argument, change)).toList();
            return change.apply(new Expression.Call(call.function(), arguments, call.type()));
        }
        return change.apply(expression);
    }

    /** The same over other columns: column i is {@code newIndex.apply(i)} afterwards. */
    public static Expression remap(Expression expression, Function<Integer, Integer> newIndex) {
        return rewrite(
                expression,
                e ->
                        e instanceof Expression.Input input
                                ? new Expression.Input(newIndex.apply(input.index()), input.type())
                                : e);
    }
}
