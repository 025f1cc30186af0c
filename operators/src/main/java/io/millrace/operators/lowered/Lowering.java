package io.millrace.operators.lowered;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.expression.Expressions;
import io.millrace.operators.function.CallSite;
import io.millrace.operators.function.FunctionRegistry;
import io.millrace.operators.function.FunctionSignature;
import io.millrace.operators.function.ScalarMethod;
import io.millrace.operators.function.SpecialForm;
import io.millrace.operators.function.TypeRules;
import io.millrace.operators.kernel.Comparison;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Makes {@link Lowered} trees. Adds the casts that a planner left out where the meaning is plain. */
public final class Lowering {
    private final FunctionRegistry registry;
    private final Casts casts;
    private final ZoneId zone;

    private Lowering(FunctionRegistry registry, ZoneId zone) {
        this.registry = registry;
        this.zone = zone;
        this.casts = new Casts(zone);
    }

    /** Fails with UNKNOWN_FUNCTION, SQL_INVALID or UNSUPPORTED for what cannot be evaluated. */
    public static Lowered lower(Expression expression) {
        Expressions.Session session = Expressions.sessionOf(expression);
        return new Lowering(FunctionRegistry.builtIn(), session.zone()).of(session.expression());
    }

    private Lowered of(Expression expression) {
        return switch (expression) {
            case Expression.Input input -> new Lowered.Input(input.index(), input.type());
            case Expression.Literal literal -> new Lowered.Constant(literal.value(), literal.type());
            case Expression.Call call -> ofCall(call);
        };
    }

    private Lowered ofCall(Expression.Call call) {
        String name = registry.canonicalName(call.function());
        if (name == null) {
            throw new MillraceException(ErrorCode.UNKNOWN_FUNCTION, "no function " + call.function());
        }
        List<Lowered> arguments = call.arguments().stream().map(this::of).toList();
        SpecialForm form = SpecialForm.of(name);
        if (form == null) {
            return ofMethod(name, arguments, call.type());
        }
        DataType type = call.type();
        return switch (form) {
            case COMPARISON -> compare(Comparison.of(name), arguments, type);
            case DISTINCTNESS -> {
                List<Lowered> sides = alike(arguments, commonOf(name, arguments));
                yield new Lowered.Distinct(name.equals("IS NOT DISTINCT FROM"), sides.get(0), sides.get(1), type);
            }
            case ARITHMETIC -> arithmetic(name, arguments, type);
            case NEGATE -> negate(arguments.getFirst(), type);
            case CONNECTIVE -> new Lowered.Connective(name.equals("AND"), arguments, type);
            case NOT -> new Lowered.Not(arguments.getFirst(), type);
            case NULL_TEST -> new Lowered.NullTest(name.equals("IS NOT NULL"), arguments.getFirst(), type);
            case TRUTH_TEST ->
                    new Lowered.TruthTest(name.endsWith("TRUE"), name.contains("NOT"), arguments.getFirst(), type);
            case CASE, IF -> branches(arguments, type);
            case COALESCE -> new Lowered.Coalesce(alike(arguments, type), type);
            case NULLIF ->
                    new Lowered.NullWhen(
                            casts.cast(arguments.getFirst(), type),
                            compare(Comparison.EQUAL, arguments, DataType.BOOLEAN),
                            type);
            case EXTREME -> extreme(name.equals("GREATEST"), alike(arguments, type), type);
            case MEMBERSHIP -> membership(arguments, type);
            case CAST -> casts.cast(arguments.getFirst(), type, name.equals("TRY_CAST"));
            case ROW, ARRAY, MAP -> new Lowered.Construct(constructed(arguments, type), type);
            case FIELD -> new Lowered.Member(arguments.getFirst(), indexOf(arguments.get(1)), type);
            case ITEM -> item(name, arguments, type);
            case CARDINALITY -> new Lowered.Cardinality(arguments.getFirst(), type);
        };
    }

    private Lowered ofMethod(String name, List<Lowered> arguments, DataType type) {
        List<DataType> given = arguments.stream().map(Lowered::type).toList();
        FunctionSignature signature = registry.resolve(name, given);
        List<Lowered> wanted = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            wanted.add(casts.cast(arguments.get(i), signature.argumentTypes().get(i)));
        }
        List<DataType> types = wanted.stream().map(Lowered::type).toList();
        ScalarMethod method = registry.method(name, types).orElseThrow();
        return new Lowered.Invoke(method, new CallSite(types, type, zone, false), wanted, type);
    }

    private static DataType commonOf(String name, List<Lowered> arguments) {
        List<DataType> types = arguments.stream().map(Lowered::type).toList();
        DataType common = TypeRules.common(types);
        if (common == null) {
            throw new MillraceException(ErrorCode.SQL_INVALID, "no " + name + " takes " + types);
        }
        return common;
    }

    /** Casts but where values of another type have the same carrier and meaning already. */
    private List<Lowered> alike(List<Lowered> arguments, DataType common) {
        return arguments.stream()
                .map(argument -> casts.cast(argument, common.withNullable(argument.type().nullable())))
                .toList();
    }

    private Lowered compare(Comparison operator, List<Lowered> arguments, DataType type) {
        Lowered left = arguments.get(0);
        Lowered right = arguments.get(1);
        if (!comparableAsTheyAre(left.type(), right.type())) {
            List<Lowered> sides = alike(arguments, commonOf(operator.symbol(), arguments));
            left = sides.get(0);
            right = sides.get(1);
        }
        return new Lowered.Compare(operator, left, right, type);
    }

    private static boolean comparableAsTheyAre(DataType a, DataType b) {
        if (a.kind().isInteger() && b.kind().isInteger()) {
            return true;
        }
        return a.kind() == b.kind()
                && a.scale() == b.scale()
                && Carrier.of(a) == Carrier.of(b)
                && Carrier.of(a) != Carrier.NESTED;
    }

    private Lowered arithmetic(String operator, List<Lowered> arguments, DataType type) {
        if (type.kind() == TypeKind.DECIMAL) {
            return decimal(operator, arguments, type);
        }
        List<Lowered> sides = arguments;
        if (TypeRules.isApproximate(type)) {
            sides =
                    arguments.stream()
                            .map(a ->
                                    TypeRules.isApproximate(a.type())
                                            ? a
                                            : casts.cast(a, type.withNullable(a.type().nullable())))
                            .toList();
        } else if (!type.kind().isInteger()) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "no " + operator + " gives " + type);
        }
        return new Lowered.Arithmetic(operator.charAt(0), sides.get(0), sides.get(1), type);
    }

    private Lowered decimal(String operator, List<Lowered> arguments, DataType type) {
        List<Lowered> sides =
                arguments.stream()
                        .map(a -> casts.cast(a, TypeRules.asDecimal(a.type()).withNullable(a.type().nullable())))
                        .toList();
        DataType left = sides.get(0).type();
        DataType right = sides.get(1).type();
        boolean narrow =
                Carrier.of(left) == Carrier.LONG
                        && Carrier.of(right) == Carrier.LONG
                        && Carrier.of(type) == Carrier.LONG;
        boolean scaled =
                switch (operator) {
                    case "+", "-", "%" -> left.scale() == right.scale() && left.scale() == type.scale();
                    case "*" -> left.scale() + right.scale() == type.scale();
                    default -> false;
                };
        if (narrow && scaled) {
            return new Lowered.Arithmetic(operator.charAt(0), sides.get(0), sides.get(1), type);
        }
        return casts.library("DECIMAL " + operator, sides, type);
    }

    private Lowered negate(Lowered argument, DataType type) {
        if (Carrier.of(type) == Carrier.LONG) {
            Lowered zero = new Lowered.Constant(Casts.zero(type), type.notNull());
            return new Lowered.Arithmetic('-', zero, casts.cast(argument, type), type);
        }
        return casts.library("NEGATE", List.of(casts.cast(argument, type)), type);
    }

    private Lowered branches(List<Lowered> arguments, DataType type) {
        List<Lowered> parts = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            boolean value = i % 2 == 1 || i == arguments.size() - 1;
            parts.add(value ? casts.cast(arguments.get(i), type) : arguments.get(i));
        }
        return new Lowered.Case(parts, type);
    }

    private Lowered extreme(boolean greatest, List<Lowered> arguments, DataType type) {
        Lowered result = arguments.getFirst();
        for (Lowered next : arguments.subList(1, arguments.size())) {
            result = new Lowered.Extreme(greatest, result, next, type);
        }
        return result;
    }

    /** Membership among NULLs: {@code x IN (1, NULL)} is true or NULL, so it is {@code x IN (1) OR NULL}. */
    private Lowered membership(List<Lowered> arguments, DataType type) {
        DataType common = commonOf("IN", arguments).notNull();
        List<Lowered> wanted = alike(arguments, common);
        List<Object> constants = new ArrayList<>();
        boolean literal = true;
        boolean holdsNull = false;
        for (Lowered candidate : wanted.subList(1, wanted.size())) {
            if (candidate instanceof Lowered.Constant constant) {
                holdsNull |= constant.value() == null;
                constants.add(constant.value());
            } else {
                literal = false;
            }
        }
        constants.removeIf(value -> value == null);
        Carrier carrier = Carrier.of(common);
        boolean hashable = carrier == Carrier.LONG && common.kind() != TypeKind.DECIMAL || carrier == Carrier.TEXT;
        if (literal && hashable && !holdsNull && common.kind() != TypeKind.BINARY) {
            return new Lowered.OneOf(wanted.getFirst(), List.copyOf(constants), type);
        }
        List<Lowered> tests = new ArrayList<>();
        for (Lowered candidate : wanted.subList(1, wanted.size())) {
            tests.add(new Lowered.Compare(Comparison.EQUAL, wanted.getFirst(), candidate, DataType.BOOLEAN));
        }
        return tests.size() == 1 ? tests.getFirst() : new Lowered.Connective(false, tests, type);
    }

    private List<Lowered> constructed(List<Lowered> arguments, DataType type) {
        List<Lowered> parts = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            DataType wanted =
                    switch (type.kind()) {
                        case ROW -> type.children().get(i).type();
                        case ARRAY -> type.elementType();
                        default -> type.elementType().children().get(i % 2).type();
                    };
            parts.add(casts.cast(arguments.get(i), wanted.withNullable(arguments.get(i).type().nullable())));
        }
        return parts;
    }

    private Lowered item(String name, List<Lowered> arguments, DataType type) {
        List<DataType> given = arguments.stream().map(Lowered::type).toList();
        DataType key = registry.resolve(name, given).argumentTypes().get(1);
        return new Lowered.Item(arguments.getFirst(), casts.cast(arguments.get(1), key), type);
    }

    private static int indexOf(Lowered field) {
        if (field instanceof Lowered.Constant constant && constant.value() instanceof Number number) {
            return number.intValue();
        }
        throw new MillraceException(ErrorCode.UNSUPPORTED, "expected a literal field index, found " + field);
    }
}
