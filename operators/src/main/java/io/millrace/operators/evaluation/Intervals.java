package io.millrace.operators.evaluation;

import io.millrace.connectors.api.EventTime.Bounds;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.lowered.Carrier;
import io.millrace.operators.lowered.Literals;
import io.millrace.operators.lowered.Lowered;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Bounds of an expression from bounds of its columns, by interval arithmetic (Ramon E. Moore, 1966) over integers,
 * dates and times: {@code + - * /}, and functions that never fall when one argument rises and the others are constant.
 */
final class Intervals {
    private Intervals() {}

    /** Inclusive, in the unit of the expression's type; null where they cannot be told. */
    static Bounds bounds(Lowered node, IntFunction<Bounds> columns) {
        if (node.carrier() != Carrier.LONG || node.type().kind() == TypeKind.DECIMAL) {
            return null;
        }
        try {
            return switch (node) {
                case Lowered.Input input -> columns.apply(input.index());
                case Lowered.Constant c when c.value() != null -> {
                    long value = Literals.number(c).longValue();
                    yield new Bounds(value, value);
                }
                case Lowered.Retype retype -> bounds(retype.argument(), columns);
                case Lowered.Arithmetic a -> arithmetic(a, columns);
                case Lowered.Invoke invoke -> monotone(invoke, columns);
                default -> null;
            };
        } catch (ArithmeticException | MillraceException none) {
            // Overflow at a bound: a row there may fail or not exist, and nothing is known.
            return null;
        }
    }

    private static Bounds arithmetic(Lowered.Arithmetic node, IntFunction<Bounds> columns) {
        Bounds a = bounds(node.left(), columns);
        Bounds b = bounds(node.right(), columns);
        if (a == null || b == null) {
            return null;
        }
        return switch (node.operator()) {
            case '+' -> new Bounds(Math.addExact(a.min(), b.min()), Math.addExact(a.max(), b.max()));
            case '-' -> new Bounds(Math.subtractExact(a.min(), b.max()), Math.subtractExact(a.max(), b.min()));
            case '*' -> product(a, b);
            case '/' -> quotient(a, b);
            default -> null;
        };
    }

    private static Bounds product(Bounds a, Bounds b) {
        long w = Math.multiplyExact(a.min(), b.min());
        long x = Math.multiplyExact(a.min(), b.max());
        long y = Math.multiplyExact(a.max(), b.min());
        long z = Math.multiplyExact(a.max(), b.max());
        return new Bounds(Math.min(Math.min(w, x), Math.min(y, z)), Math.max(Math.max(w, x), Math.max(y, z)));
    }

    /** By a constant that is not zero. */
    private static Bounds quotient(Bounds a, Bounds b) {
        if (b.min() != b.max() || b.min() == 0) {
            return null;
        }
        long x = Math.divideExact(a.min(), b.min());
        long y = Math.divideExact(a.max(), b.min());
        return new Bounds(Math.min(x, y), Math.max(x, y));
    }

    private static Bounds monotone(Lowered.Invoke invoke, IntFunction<Bounds> columns) {
        int varying = varyingArgument(invoke);
        if (varying < 0 || !isMonotone(invoke, varying)) {
            return null;
        }
        Lowered argument = invoke.arguments().get(varying);
        Bounds inner = bounds(argument, columns);
        return inner == null ? null : new Bounds(at(invoke, varying, inner.min()), at(invoke, varying, inner.max()));
    }

    /** The argument that is no constant, -1 when there is not exactly one. */
    private static int varyingArgument(Lowered.Invoke invoke) {
        int varying = -1;
        for (int i = 0; i < invoke.arguments().size(); i++) {
            if (!(invoke.arguments().get(i) instanceof Lowered.Constant)) {
                if (varying >= 0) {
                    return -1;
                }
                varying = i;
            }
        }
        return varying;
    }

    private static boolean isMonotone(Lowered.Invoke invoke, int varying) {
        DataType type = invoke.arguments().get(varying).type();
        boolean wallClock = invoke.site().zone().normalized().equals(ZoneOffset.UTC);
        return switch (invoke.method().name()) {
            case "ADD_MICROS" -> varying == 0 && type.kind() != TypeKind.TIME;
            case "ADD_MONTHS", "FLOOR", "CEIL" -> varying == 0 && (wallClock || type.kind() != TypeKind.TIMESTAMP_LTZ);
            case "TIMESTAMPADD" -> varying == 2 && (wallClock || type.kind() != TypeKind.TIMESTAMP_LTZ);
            case "TO_TIMESTAMP_LTZ" -> varying == 0;
            case "TIMESTAMP TO TIMESTAMP", "DATE TO TIMESTAMP", "TIMESTAMP TO DATE", "INTEGER TO INTEGER" -> true;
            case "TIMESTAMP TO TIMESTAMP_LTZ", "TIMESTAMP_LTZ TO TIMESTAMP", "DATE TO TIMESTAMP_LTZ" -> wallClock;
            default -> false;
        };
    }

    private static long at(Lowered.Invoke invoke, int varying, long value) {
        List<Lowered> arguments = new ArrayList<>(invoke.arguments());
        DataType type = arguments.get(varying).type();
        arguments.set(varying, new Lowered.Constant(Literals.object(value, type), type));
        Lowered constant = new Lowered.Invoke(invoke.method(), invoke.site(), arguments, invoke.type());
        Object result = ConstantFolder.valueOf(constant);
        if (result == null) {
            throw new ArithmeticException("no value at a bound");
        }
        return Literals.number(new Lowered.Constant(result, invoke.type())).longValue();
    }
}
