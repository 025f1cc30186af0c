package io.millrace.operators.lowered;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.function.CallSite;
import io.millrace.operators.function.ConversionFunctions;
import io.millrace.operators.function.DecimalArithmetic;
import io.millrace.operators.function.FunctionRegistry;
import io.millrace.operators.function.ScalarMethod;
import io.millrace.operators.function.TypeRules;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;

/** What each CAST is made of: nothing, a change of type over the same carrier, or a library method. */
final class Casts {
    /** Methods without a SQL name: {@code "VARCHAR TO BIGINT"}, {@code "DECIMAL +"}. */
    private static final FunctionRegistry LIBRARY =
            FunctionRegistry.of(ConversionFunctions.class, DecimalArithmetic.class);

    private final ZoneId zone;

    Casts(ZoneId zone) {
        this.zone = zone;
    }

    Lowered cast(Lowered argument, DataType to) {
        return cast(argument, to, false);
    }

    Lowered cast(Lowered argument, DataType to, boolean tolerant) {
        DataType from = argument.type();
        if (from.sameValues(to)) {
            return argument;
        }
        if (argument instanceof Lowered.Constant constant && constant.value() == null) {
            return new Lowered.Constant(null, to.withNullable(true));
        }
        if (!TypeRules.canCast(from, to)) {
            throw new MillraceException(ErrorCode.SQL_INVALID, "no CAST from " + from + " to " + to);
        }
        if (from.kind() == TypeKind.ROW || from.kind() == TypeKind.ARRAY || from.kind() == TypeKind.MAP) {
            return new Lowered.Display(argument, to);
        }
        if (Carrier.of(from) == Carrier.NANOS) {
            DataType micros = new DataType(from.kind(), from.nullable(), 6, 0, List.of());
            boolean direct = to.sameValues(micros) || from.kind() == to.kind() && Carrier.of(to) == Carrier.NANOS;
            return direct ? new Lowered.Retype(argument, to) : cast(new Lowered.Retype(argument, micros), to, tolerant);
        }
        if (Carrier.of(to) == Carrier.NANOS) {
            DataType micros = new DataType(to.kind(), to.nullable(), 6, 0, List.of());
            return new Lowered.Retype(cast(argument, micros, tolerant), to);
        }
        return isPlain(from, to, tolerant)
                ? new Lowered.Retype(argument, to)
                : library(wordOf(from) + " TO " + wordOf(to), List.of(argument), to, tolerant);
    }

    /** Whether the value stays what it is, or is refused when out of range. */
    private static boolean isPlain(DataType from, DataType to, boolean tolerant) {
        TypeKind a = from.kind();
        TypeKind b = to.kind();
        if (a.isInteger() && b.isInteger()) {
            return !tolerant || a.compareTo(b) < 0;
        }
        if (TypeRules.isApproximate(from) && TypeRules.isApproximate(to)) {
            return true;
        }
        if (a.isBytes() && b.isBytes()) {
            return to.precision() >= from.precision() || to.precision() == Integer.MAX_VALUE;
        }
        return a == b && (a == TypeKind.TIME || a.isTimestamp()) && to.precision() >= from.precision();
    }

    private static String wordOf(DataType type) {
        return type.kind().isInteger() ? "INTEGER" : type.kind().name();
    }

    Lowered library(String name, List<Lowered> arguments, DataType type) {
        return library(name, arguments, type, false);
    }

    private Lowered library(String name, List<Lowered> arguments, DataType type, boolean tolerant) {
        List<DataType> types = arguments.stream().map(Lowered::type).toList();
        ScalarMethod method =
                LIBRARY.method(name, types)
                        .orElseThrow(() -> new MillraceException(ErrorCode.UNSUPPORTED, "no " + name + " of " + types));
        return new Lowered.Invoke(method, new CallSite(types, type, zone, tolerant), arguments, type);
    }

    /** Zero, as an object of a number type. */
    static Object zero(DataType type) {
        return switch (type.kind()) {
            case TINYINT -> (byte) 0;
            case SMALLINT -> (short) 0;
            case INT -> 0;
            case BIGINT -> 0L;
            case DECIMAL -> BigDecimal.ZERO.setScale(type.scale());
            default -> 0.0;
        };
    }
}
