package io.millrace.it.differential;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Draws queries over the tables facts, events and dups. One thread. */
final class QueryGenerator {
    private final SplittableRandom random;
    private Map<ValueType, List<Expr>> columns;

    QueryGenerator(SplittableRandom random) {
        this.random = random;
    }

    private static Map<ValueType, List<Expr>> facts() {
        Map<ValueType, List<Expr>> columns = new EnumMap<>(ValueType.class);
        columns.put(
                ValueType.INTEGER,
                List.of(
                        Expr.column(ValueType.INTEGER, "id"),
                        Expr.column(ValueType.INTEGER, "n"),
                        Expr.column(ValueType.INTEGER, "CAST(k AS BIGINT)"),
                        Expr.column(ValueType.INTEGER, "CAST(si AS BIGINT)"),
                        Expr.column(ValueType.INTEGER, "CAST(ti AS BIGINT)")));
        columns.put(
                ValueType.DOUBLE,
                List.of(Expr.column(ValueType.DOUBLE, "d"), Expr.column(ValueType.DOUBLE, "CAST(f AS DOUBLE)")));
        columns.put(ValueType.DECIMAL, List.of(Expr.column(ValueType.DECIMAL, "m")));
        columns.put(ValueType.TEXT, List.of(Expr.column(ValueType.TEXT, "g"), Expr.column(ValueType.TEXT, "u")));
        columns.put(ValueType.BOOLEAN, List.of(Expr.column(ValueType.BOOLEAN, "b")));
        columns.put(ValueType.DATE, List.of(Expr.column(ValueType.DATE, "dt")));
        columns.put(
                ValueType.TIMESTAMP,
                List.of(Expr.column(ValueType.TIMESTAMP, "ts"), Expr.column(ValueType.TIMESTAMP, "tm")));
        return columns;
    }

    private static Map<ValueType, List<Expr>> events() {
        Map<ValueType, List<Expr>> columns = new EnumMap<>(ValueType.class);
        columns.put(
                ValueType.INTEGER,
                List.of(
                        Expr.column(ValueType.INTEGER, "id"),
                        Expr.column(ValueType.INTEGER, "auction"),
                        Expr.column(ValueType.INTEGER, "price")));
        columns.put(ValueType.TEXT, List.of(Expr.column(ValueType.TEXT, "channel")));
        columns.put(ValueType.TIMESTAMP, List.of(Expr.column(ValueType.TIMESTAMP, "et")));
        return columns;
    }

    private static Map<ValueType, List<Expr>> dups() {
        Map<ValueType, List<Expr>> columns = new EnumMap<>(ValueType.class);
        columns.put(ValueType.INTEGER, List.of(Expr.column(ValueType.INTEGER, "CAST(a AS BIGINT)")));
        columns.put(ValueType.TEXT, List.of(Expr.column(ValueType.TEXT, "s")));
        columns.put(ValueType.DOUBLE, List.of(Expr.column(ValueType.DOUBLE, "d")));
        return columns;
    }

    RandomQuery next() {
        String table =
                switch (random.nextInt(6)) {
                    case 0 -> "events";
                    case 1 -> "dups";
                    default -> "facts";
                };
        columns =
                switch (table) {
                    case "events" -> events();
                    case "dups" -> dups();
                    default -> facts();
                };
        Expr where = random.nextInt(3) == 0 ? null : expr(ValueType.BOOLEAN, 1 + random.nextInt(3));
        return random.nextInt(2) == 0 ? plain(table, where) : aggregate(table, where);
    }

    private RandomQuery plain(String table, Expr where) {
        List<Expr> values = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            values.add(expr(type(), random.nextInt(4)));
        }
        boolean distinct = random.nextInt(5) == 0;
        List<String> directions = random.nextInt(3) == 0 ? directions(values.size()) : List.of();
        return new RandomQuery(table, distinct, null, values, where, null, directions, limit(directions));
    }

    private RandomQuery aggregate(String table, Expr where) {
        List<Expr> keys = new ArrayList<>();
        int keyCount = random.nextInt(3);
        for (int i = 0; i < keyCount; i++) {
            Expr key = expr(type(), random.nextInt(3));
            keys.add(key.readsColumns() ? key : column(type()));
        }
        List<Expr> values = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            values.add(aggregate());
        }
        Expr having =
                keyCount > 0 && random.nextInt(4) == 0
                        ? Expr.aggregate(ValueType.BOOLEAN, "count(*) " + comparison() + " " + random.nextInt(1, 40))
                        : null;
        List<String> directions = random.nextInt(3) == 0 ? directions(keyCount + count) : List.of();
        return new RandomQuery(table, false, keys, values, where, having, directions, limit(directions));
    }

    private List<String> directions(int count) {
        List<String> directions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            directions.add(
                    (random.nextBoolean() ? "ASC" : "DESC") + " NULLS " + (random.nextBoolean() ? "FIRST" : "LAST"));
        }
        return directions;
    }

    private int limit(List<String> directions) {
        return directions.isEmpty() || random.nextBoolean() ? -1 : random.nextInt(60);
    }

    /** Arguments of SUM over DOUBLE stay simple, so that the sum is exact in any order. */
    private Expr aggregate() {
        String filter = "";
        Expr condition = null;
        if (random.nextInt(5) == 0) {
            condition = expr(ValueType.BOOLEAN, 1);
            filter = " FILTER (WHERE {1})";
        }
        return switch (random.nextInt(7)) {
            case 0 ->
                    condition == null
                            ? Expr.aggregate(ValueType.INTEGER, "count(*)")
                            : Expr.aggregate(ValueType.INTEGER, "count(*) FILTER (WHERE {0})", condition);
            case 1 -> aggregate(ValueType.INTEGER, "count({0})", expr(type(), 1), filter, condition);
            case 2 -> aggregate(ValueType.INTEGER, "count(DISTINCT {0})", expr(type(), 1), filter, condition);
            case 3 -> aggregate(ValueType.INTEGER, "sum({0})", expr(ValueType.INTEGER, 2), filter, condition);
            case 4 -> {
                ValueType type = has(ValueType.DECIMAL) && random.nextBoolean() ? ValueType.DECIMAL : ValueType.INTEGER;
                type = has(ValueType.DOUBLE) && random.nextBoolean() ? ValueType.DOUBLE : type;
                yield aggregate(type, "sum({0})", column(type), filter, condition);
            }
            default -> {
                Expr argument = expr(ordered(), 2);
                yield aggregate(
                        argument.type(), random.nextBoolean() ? "min({0})" : "max({0})", argument, filter, condition);
            }
        };
    }

    private static Expr aggregate(ValueType type, String text, Expr argument, String filter, Expr condition) {
        return condition == null
                ? Expr.aggregate(type, text, argument)
                : Expr.aggregate(type, text + filter, argument, condition);
    }

    private boolean has(ValueType type) {
        return columns.containsKey(type);
    }

    private ValueType type() {
        List<ValueType> types = List.copyOf(columns.keySet());
        return types.get(random.nextInt(types.size()));
    }

    /** A type of which there is a least and a greatest value in both dialects. */
    private ValueType ordered() {
        ValueType type = type();
        return type == ValueType.BOOLEAN ? ValueType.INTEGER : type;
    }

    private Expr column(ValueType type) {
        List<Expr> candidates = columns.get(type);
        return candidates == null ? literal(type) : candidates.get(random.nextInt(candidates.size()));
    }

    private String comparison() {
        return List.of("=", "<>", "<", "<=", ">", ">=").get(random.nextInt(6));
    }

    private Expr literal(ValueType type) {
        return Expr.leaf(
                type,
                switch (type) {
                    case INTEGER -> "CAST(" + random.nextInt(-20, 200) + " AS BIGINT)";
                    case DOUBLE -> "CAST(" + random.nextInt(-80, 800) / 8.0 + " AS DOUBLE)";
                    case DECIMAL -> "CAST(" + random.nextInt(-999, 9_999) / 100.0 + " AS DECIMAL(12, 2))";
                    case TEXT -> List.of("''", "'a'", "'B'", "'x y'", "'u1'", "'été'").get(random.nextInt(6));
                    case BOOLEAN -> random.nextBoolean() ? "TRUE" : "FALSE";
                    case DATE -> "DATE '2026-0" + random.nextInt(1, 10) + "-1" + random.nextInt(10) + "'";
                    case TIMESTAMP ->
                            "TIMESTAMP '2026-01-31 23:5" + random.nextInt(10) + ":0" + random.nextInt(10) + "'";
                });
    }

    /** An expression of the type whose tree is at most so deep. */
    Expr expr(ValueType type, int depth) {
        if (depth <= 0 || random.nextInt(6) == 0) {
            return random.nextInt(4) == 0 ? literal(type) : column(type);
        }
        if (random.nextInt(6) == 0) {
            return branch(type, depth - 1);
        }
        return switch (type) {
            case INTEGER -> integer(depth - 1);
            case DOUBLE -> floating(depth - 1);
            case DECIMAL -> decimal(depth - 1);
            case TEXT -> text(depth - 1);
            case BOOLEAN -> condition(depth - 1);
            case DATE -> date(depth - 1);
            case TIMESTAMP -> timestamp(depth - 1);
        };
    }

    private Expr branch(ValueType type, int depth) {
        return switch (random.nextInt(4)) {
            case 0 ->
                    Expr.call(
                            type,
                            "CASE WHEN {0} THEN {1} ELSE {2} END",
                            expr(ValueType.BOOLEAN, depth),
                            expr(type, depth),
                            expr(type, depth));
            case 1 -> Expr.call(type, "CASE WHEN {0} THEN {1} END", expr(ValueType.BOOLEAN, depth), expr(type, depth));
            case 2 -> Expr.call(type, "COALESCE({0}, {1})", expr(type, depth), expr(type, depth));
            default -> Expr.call(type, "NULLIF({0}, {1})", expr(type, depth), expr(type, depth));
        };
    }

    private Expr integer(int depth) {
        ValueType type = ValueType.INTEGER;
        Expr a = expr(type, depth);
        return switch (random.nextInt(11)) {
            case 0 -> Expr.call(type, "({0} + {1})", a, expr(type, depth));
            case 1 -> Expr.call(type, "({0} - {1})", a, expr(type, depth));
            case 2 -> Expr.call(type, "({0} * {1})", column(type), literal(type));
            case 3 -> Expr.call(type, "({0} / NULLIF({1}, 0))", "({0} // NULLIF({1}, 0))", a, expr(type, depth));
            case 4 -> Expr.call(type, "({0} % NULLIF({1}, 0))", a, expr(type, depth));
            case 5 -> Expr.call(type, "(- {0})", a);
            case 6 -> Expr.call(type, "ABS({0})", a);
            case 7 -> Expr.call(type, "CHAR_LENGTH({0})", "LENGTH({0})", expr(ValueType.TEXT, depth));
            case 8 -> Expr.call(type, "POSITION('x' IN {0})", expr(ValueType.TEXT, depth));
            case 9 ->
                    has(ValueType.TIMESTAMP)
                            ? Expr.call(
                                    type,
                                    "EXTRACT("
                                            + List.of(
                                                            "YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND",
                                                            "QUARTER", "DOY")
                                                    .get(random.nextInt(8))
                                            + " FROM {0})",
                                    expr(ValueType.TIMESTAMP, depth))
                            : Expr.call(type, "SIGN({0})", a);
            default ->
                    Expr.call(type, "CAST({0} AS BIGINT)", "CAST(trunc({0}) AS BIGINT)", expr(ValueType.DOUBLE, depth));
        };
    }

    private Expr floating(int depth) {
        ValueType type = ValueType.DOUBLE;
        Expr a = expr(type, depth);
        return switch (random.nextInt(7)) {
            case 0 -> Expr.call(type, "({0} + {1})", a, expr(type, depth));
            case 1 -> Expr.call(type, "({0} - {1})", a, expr(type, depth));
            case 2 -> Expr.call(type, "({0} * {1})", a, expr(type, depth));
            case 3 -> Expr.call(type, "({0} / NULLIF({1}, 0))", a, expr(type, depth));
            case 4 -> Expr.call(type, "CAST({0} AS DOUBLE)", expr(ValueType.INTEGER, depth));
            case 5 -> Expr.call(type, random.nextBoolean() ? "FLOOR({0})" : "CEIL({0})", a);
            default -> Expr.call(type, "ABS({0})", a);
        };
    }

    private Expr decimal(int depth) {
        ValueType type = ValueType.DECIMAL;
        Expr a = expr(type, depth);
        return switch (random.nextInt(5)) {
            case 0 -> Expr.call(type, "({0} + {1})", a, expr(type, depth));
            case 1 -> Expr.call(type, "({0} - {1})", a, expr(type, depth));
            case 2 -> Expr.call(type, "({0} * {1})", column(type), literal(type));
            case 3 -> Expr.call(type, "CAST({0} AS DECIMAL(20, 2))", expr(ValueType.INTEGER, depth));
            default -> Expr.call(type, "ABS({0})", a);
        };
    }

    private Expr text(int depth) {
        ValueType type = ValueType.TEXT;
        Expr a = expr(type, depth);
        return switch (random.nextInt(9)) {
            case 0 -> Expr.call(type, "({0} || {1})", a, expr(type, depth));
            case 1 -> Expr.call(type, "SUBSTRING({0}, " + random.nextInt(1, 5) + ", " + random.nextInt(0, 8) + ")", a);
            case 2 -> Expr.call(type, "SUBSTRING({0}, " + random.nextInt(1, 8) + ")", a);
            case 3 -> Expr.call(type, "TRIM({0})", a);
            case 4 -> Expr.call(type, "REPLACE({0}, 'x', '" + List.of("", "yy", "é").get(random.nextInt(3)) + "')", a);
            case 5 -> Expr.call(type, "LEFT({0}, " + random.nextInt(6) + ")", a);
            case 6 -> Expr.call(type, "RIGHT({0}, " + random.nextInt(6) + ")", a);
            case 7 -> Expr.call(type, "CAST({0} AS VARCHAR)", expr(ValueType.INTEGER, depth));
            default ->
                    has(ValueType.DECIMAL)
                            ? Expr.call(
                                    type, random.nextBoolean() ? "UPPER({0})" : "LOWER({0})", Expr.column(type, "u"))
                            : a;
        };
    }

    private Expr condition(int depth) {
        ValueType type = ValueType.BOOLEAN;
        ValueType other = ordered();
        return switch (random.nextInt(9)) {
            case 0 -> Expr.call(type, "({0} AND {1})", expr(type, depth), expr(type, depth));
            case 1 -> Expr.call(type, "({0} OR {1})", expr(type, depth), expr(type, depth));
            case 2 -> Expr.call(type, "(NOT {0})", expr(type, depth));
            case 3 -> Expr.call(type, "({0} IS " + (random.nextBoolean() ? "" : "NOT ") + "NULL)", expr(other, depth));
            case 4 ->
                    Expr.call(
                            type, "({0} BETWEEN {1} AND {2})", expr(other, depth), literal(other), expr(other, depth));
            case 5 ->
                    Expr.call(
                            type,
                            "({0} IN ({1}, {2}, {3}))",
                            expr(other, depth),
                            literal(other),
                            literal(other),
                            literal(other));
            case 6 ->
                    Expr.call(
                            type,
                            "({0} LIKE '" + List.of("%a%", "u1%", "_", "%x", "a_%", "").get(random.nextInt(6)) + "')",
                            expr(ValueType.TEXT, depth));
            case 7 ->
                    Expr.call(
                            type,
                            "({0} IS " + (random.nextBoolean() ? "" : "NOT ") + "DISTINCT FROM {1})",
                            expr(other, depth),
                            expr(other, depth));
            default -> Expr.call(type, "({0} " + comparison() + " {1})", expr(other, depth), expr(other, depth));
        };
    }

    private Expr date(int depth) {
        if (random.nextBoolean()) {
            return Expr.call(ValueType.DATE, "CAST({0} AS DATE)", expr(ValueType.TIMESTAMP, depth));
        }
        String sum = "{0} + INTERVAL '" + random.nextInt(1, 40) + "' DAY";
        return Expr.call(ValueType.DATE, "(" + sum + ")", "CAST(" + sum + " AS DATE)", expr(ValueType.DATE, depth));
    }

    private Expr timestamp(int depth) {
        ValueType type = ValueType.TIMESTAMP;
        Expr a = expr(type, depth);
        if (random.nextBoolean()) {
            String unit = List.of("SECOND", "MINUTE", "HOUR", "DAY").get(random.nextInt(4));
            return Expr.call(
                    type,
                    "({0} "
                            + (random.nextBoolean() ? "+" : "-")
                            + " INTERVAL '"
                            + random.nextInt(1, 50)
                            + "' "
                            + unit
                            + ")",
                    a);
        }
        String unit = List.of("MINUTE", "HOUR", "DAY", "MONTH", "YEAR").get(random.nextInt(5));
        return Expr.call(type, "FLOOR({0} TO " + unit + ")", "CAST(date_trunc('" + unit + "', {0}) AS TIMESTAMP)", a);
    }
}
