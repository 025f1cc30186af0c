package io.millrace.operators.evaluation;

import static io.millrace.operators.evaluation.Evaluations.call;
import static io.millrace.operators.evaluation.Evaluations.cast;
import static io.millrace.operators.evaluation.Evaluations.integer;
import static io.millrace.operators.evaluation.Evaluations.text;
import static io.millrace.operators.evaluation.Evaluations.tryCast;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random well-typed expressions over {@link RandomBatches#SCHEMA}, by a seed, and smaller ones of the same type. */
final class RandomExpressions {
    private static final DataType[] TYPES = {
        DataType.BOOLEAN,
        DataType.INT,
        DataType.BIGINT,
        DataType.BIGINT,
        DataType.DOUBLE,
        DataType.FLOAT,
        DataType.TINYINT,
        DataType.decimal(9, 2),
        DataType.decimal(25, 3),
        DataType.DATE,
        DataType.timestamp(6),
        DataType.VARCHAR,
        DataType.VARCHAR
    };
    private static final String[] COMPARISONS = {"=", "<>", "<", "<=", ">", ">="};
    private static final String[] UNITS = {"SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"};

    private final Random random;

    RandomExpressions(Random random) {
        this.random = random;
    }

    Expression any() {
        return of(pick(TYPES), 1 + random.nextInt(4));
    }

    @SafeVarargs
    private <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    Expression of(DataType type, int depth) {
        if (depth <= 0 || random.nextInt(8) == 0) {
            return leaf(type);
        }
        if (random.nextInt(6) == 0) {
            return branch(type, depth - 1);
        }
        if (random.nextInt(8) == 0) {
            Expression from = of(pick(castable(type)), depth - 1);
            return random.nextBoolean() ? tryCast(from, type) : cast(from, type.withNullable(from.type().nullable()));
        }
        Expression made =
                switch (type.kind()) {
                    case BOOLEAN -> bool(depth - 1);
                    case VARCHAR -> string(depth - 1);
                    case DATE, TIMESTAMP -> time(type, depth - 1);
                    default -> number(type, depth - 1);
                };
        return made.type().sameValues(type) ? made : cast(made, type.withNullable(made.type().nullable()));
    }

    private static DataType[] castable(DataType to) {
        return switch (to.kind()) {
            case DATE, TIMESTAMP -> new DataType[] {DataType.DATE, DataType.timestamp(6), DataType.VARCHAR};
            case VARCHAR -> TYPES;
            default ->
                    new DataType[] {
                        DataType.INT, DataType.BIGINT, DataType.DOUBLE, DataType.decimal(9, 2), DataType.VARCHAR
                    };
        };
    }

    private Expression leaf(DataType type) {
        List<Integer> columns = new ArrayList<>();
        for (int i = 0; i < RandomBatches.SCHEMA.size(); i++) {
            if (RandomBatches.SCHEMA.type(i).sameValues(type)) {
                columns.add(i);
            }
        }
        if (columns.isEmpty() || random.nextInt(3) == 0) {
            Object value = RandomBatches.value(random, type, 0.1);
            return new Expression.Literal(value, type.withNullable(value == null));
        }
        return new Expression.Input(columns.get(random.nextInt(columns.size())), type);
    }

    private Expression branch(DataType type, int depth) {
        Expression a = of(type, depth);
        Expression b = of(type, depth);
        return switch (random.nextInt(5)) {
            case 0 -> call("COALESCE", a, b);
            case 1 -> call("NULLIF", a, b);
            case 2 -> call(random.nextBoolean() ? "GREATEST" : "LEAST", a, b);
            case 3 -> call("IF", of(DataType.BOOLEAN, depth), a, b);
            default -> call("CASE", of(DataType.BOOLEAN, depth), a, of(DataType.BOOLEAN, depth), b, of(type, depth));
        };
    }

    private Expression bool(int depth) {
        DataType type = pick(TYPES);
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> call(pick(COMPARISONS), of(type, depth), of(type, depth));
            case 3 -> call(pick("AND", "OR"), of(DataType.BOOLEAN, depth), of(DataType.BOOLEAN, depth));
            case 4 ->
                    call("AND", of(DataType.BOOLEAN, depth), of(DataType.BOOLEAN, depth), of(DataType.BOOLEAN, depth));
            case 5 ->
                    call(
                            pick("NOT", "IS TRUE", "IS FALSE", "IS NOT TRUE", "IS NOT FALSE"),
                            of(DataType.BOOLEAN, depth));
            case 6 -> call(pick("IS NULL", "IS NOT NULL"), of(type, depth));
            case 7 -> call(pick("IS DISTINCT FROM", "IS NOT DISTINCT FROM"), of(type, depth), of(type, depth));
            case 8 -> call("LIKE", of(DataType.VARCHAR, depth), text(pick("%a%", "a%", "%e", "_%", "%item%", "Apple")));
            default ->
                    random.nextBoolean()
                            ? call("IN", of(DataType.BIGINT, depth), Evaluations.number(1), Evaluations.number(-3))
                            : call("IN", of(DataType.VARCHAR, depth), text("a"), text("Apple"), text("12"));
        };
    }

    private Expression number(DataType type, int depth) {
        if (random.nextInt(4) == 0) {
            return switch (random.nextInt(6)) {
                case 0 -> call("CHAR_LENGTH", of(DataType.VARCHAR, depth));
                case 1 -> call("EXTRACT", text(pick(UNITS)), of(pick(DataType.DATE, DataType.timestamp(6)), depth));
                case 2 -> call("POSITION", text("a"), of(DataType.VARCHAR, depth));
                case 3 -> call("TIMESTAMPDIFF", text(pick(UNITS)), of(DataType.DATE, depth), of(DataType.DATE, depth));
                case 4 -> call("FLOOR", of(DataType.decimal(9, 2), depth));
                default -> call("ROUND", of(DataType.DOUBLE, depth), integer(1));
            };
        }
        if (random.nextInt(4) == 0) {
            return call(pick("NEGATE", "ABS", "SIGN", "FLOOR", "CEIL"), of(type, depth));
        }
        DataType other = random.nextInt(3) == 0 ? pick(DataType.INT, DataType.BIGINT, type) : type;
        boolean approximate = type.kind() == TypeKind.FLOAT || other.kind() == TypeKind.FLOAT;
        String operator = approximate ? pick("+", "-", "*") : pick("+", "-", "*", "/", "%", "+", "-", "*");
        return call(operator, of(type, depth), of(other, depth));
    }

    private Expression string(int depth) {
        Expression a = of(DataType.VARCHAR, depth);
        return switch (random.nextInt(10)) {
            case 0 -> call("UPPER", a);
            case 1 -> call("CONCAT", a, of(DataType.VARCHAR, depth));
            case 2 -> call("CONCAT_WS", text("-"), a, of(DataType.VARCHAR, depth), leaf(DataType.VARCHAR));
            case 3 -> call("SUBSTRING", a, integer(random.nextInt(7) - 3), integer(random.nextInt(4)));
            case 4 -> call("REPLACE", a, text("a"), of(DataType.VARCHAR, depth - 1));
            case 5 -> call("BTRIM", a);
            case 6 -> call("SPLIT_INDEX", a, text("/"), integer(random.nextInt(4)));
            case 7 -> call("REGEXP_EXTRACT", a, text("(&|^)channel_id=([^&]*)"), integer(2));
            case 8 -> call("LPAD", a, integer(random.nextInt(8)), text("*"));
            default ->
                    call("DATE_FORMAT", of(DataType.timestamp(6), depth), text(pick("yyyy-MM-dd", "HH:mm", "yyyyMM")));
        };
    }

    private Expression time(DataType type, int depth) {
        Expression a = of(type, depth);
        return switch (random.nextInt(4)) {
            case 0 -> call(pick("FLOOR", "CEIL"), a, text(pick(UNITS)));
            case 1 -> call("ADD_MICROS", a, of(DataType.BIGINT, depth));
            case 2 -> call("ADD_MONTHS", a, integer(random.nextInt(40) - 20));
            default -> call("TIMESTAMPADD", text(pick(UNITS)), integer(random.nextInt(9) - 4), a);
        };
    }

    /** Expressions one step smaller: a part of the same type in place of some node. */
    static List<Expression> smaller(Expression expression) {
        List<Expression> found = new ArrayList<>();
        if (expression instanceof Expression.Call call) {
            for (Expression argument : call.arguments()) {
                if (argument.type().sameValues(call.type())) {
                    found.add(argument);
                }
            }
            found.add(new Expression.Literal(null, call.type().withNullable(true)));
            for (int i = 0; i < call.arguments().size(); i++) {
                for (Expression less : smaller(call.arguments().get(i))) {
                    List<Expression> arguments = new ArrayList<>(call.arguments());
                    arguments.set(i, less);
                    found.add(new Expression.Call(call.function(), arguments, call.type()));
                }
            }
        }
        return found;
    }
}
