package io.millrace.operators.compiled;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.function.NullBehaviour;
import io.millrace.operators.function.Outcome;
import io.millrace.operators.function.ScalarMethod;
import io.millrace.operators.function.Text;
import io.millrace.operators.kernel.Comparison;
import io.millrace.operators.kernel.ConstantSet;
import io.millrace.operators.lowered.Carrier;
import io.millrace.operators.lowered.Literals;
import io.millrace.operators.lowered.Lowered;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the statements that compute one row. What was computed is reused where the same node comes again in the same
 * block or one within it. A text that is NULL is empty, so that it may be read.
 */
final class LoopBody {
    /** How generated code names a value; {@code isNull} is an expression, {@code "false"} when it cannot be. */
    record Value(Carrier carrier, String value, String high, String isNull) {
        boolean isNeverNull() {
            return isNull.equals("false");
        }
    }

    private static final String TEXT = Text.class.getCanonicalName();

    private final LoopSource source;
    private final boolean nulls;
    private final StringBuilder text = new StringBuilder();
    private final Deque<Map<Lowered, Value>> known = new ArrayDeque<>();
    private int variables;
    private String empty;

    LoopBody(LoopSource source, boolean nulls) {
        this.source = source;
        this.nulls = nulls;
        known.push(new HashMap<>());
    }

    String text() {
        return text.toString();
    }

    private void line(String statement) {
        text.append("    ").append(statement).append('\n');
    }

    private String variable() {
        return "v" + variables++;
    }

    private String emptyText() {
        if (empty == null) {
            empty = "t" + variables++;
            source.declare("final " + TEXT + " " + empty + " = new " + TEXT + "();");
        }
        return empty;
    }

    /** Writes what computes the node, unless it is computed already. */
    Value emit(Lowered node) {
        for (Map<Lowered, Value> block : known) {
            Value before = block.get(node);
            if (before != null) {
                return before;
            }
        }
        Value value = write(node);
        known.peek().put(node, value);
        return value;
    }

    private Value write(Lowered node) {
        int leaf = source.leafOf(node);
        if (leaf >= 0) {
            return leaf(leaf, node.type());
        }
        return switch (node) {
            case Lowered.Constant c -> constant(c);
            case Lowered.Invoke i -> invoke(i);
            case Lowered.Arithmetic a -> arithmetic(a);
            case Lowered.Retype r -> retype(r);
            case Lowered.Compare c -> compare(c);
            case Lowered.Distinct d -> distinct(d);
            case Lowered.Connective c -> connective(c);
            case Lowered.Not n -> {
                Value a = emit(n.argument());
                yield new Value(Carrier.BOOLEAN, "(!" + a.value + ")", null, a.isNull);
            }
            case Lowered.NullTest t -> {
                Value a = emit(t.argument());
                yield new Value(Carrier.BOOLEAN, t.negated() ? "(!" + a.isNull + ")" : a.isNull, null, "false");
            }
            case Lowered.TruthTest t -> {
                Value a = emit(t.argument());
                String is = t.wanted() ? a.value : "!" + a.value;
                String known = a.isNeverNull() ? is : "(!" + a.isNull + " & " + is + ")";
                yield new Value(Carrier.BOOLEAN, t.negated() ? "(!" + known + ")" : "(" + known + ")", null, "false");
            }
            case Lowered.Case c -> cases(c);
            case Lowered.Coalesce c -> coalesce(c);
            case Lowered.NullWhen n -> nullWhen(n);
            case Lowered.Extreme e -> extreme(e);
            case Lowered.OneOf o -> {
                Value a = emit(o.value());
                String set = source.object(new LoopSource.Part.Set(o), ConstantSet.class);
                String name = variable();
                line("final boolean " + name + " = " + set + ".contains(" + a.value + ");");
                yield new Value(Carrier.BOOLEAN, name, null, a.isNull);
            }
            default -> throw new IllegalStateException("expected a node that compiles, found " + node);
        };
    }

    // ---- leaves and constants ----

    private Value leaf(int leaf, DataType type) {
        String name = variable();
        String isNull = "false";
        if (nulls) {
            isNull = name + "n";
            line(
                    "final boolean "
                            + isNull
                            + " = q"
                            + leaf
                            + " != 0L && !Mem.getBit(q"
                            + leaf
                            + ", row & m"
                            + leaf
                            + ");");
        }
        String base = "b" + leaf;
        String slot = "(row & m" + leaf + ")";
        Carrier carrier = Carrier.of(type);
        switch (carrier) {
            case BOOLEAN -> line("final boolean " + name + " = Mem.getByte(" + base + " + " + slot + ") != 0;");
            case LONG -> line("final long " + name + " = " + readLong(type.layout(), base, slot) + ";");
            case DOUBLE ->
                    line(
                            "final double "
                                    + name
                                    + " = "
                                    + (type.layout() == Layout.F64
                                            ? "Mem.getDouble(" + base + " + 8L * "
                                            : "Mem.getFloat(" + base + " + 4L * ")
                                    + slot
                                    + ");");
            case WIDE -> {
                line("final long " + name + " = Mem.getLong(" + base + " + 16L * " + slot + ");");
                line("final long " + name + "h = Mem.getLong(" + base + " + 16L * " + slot + " + 8L);");
            }
            default -> {
                source.declare("final " + TEXT + " " + name + " = new " + TEXT + "();");
                String index = "(d" + leaf + " == 0L ? " + slot + " : Mem.getInt(d" + leaf + " + 4L * row))";
                line("Checks.read(" + name + ", " + base + " + 16L * " + index + ", x" + leaf + ");");
            }
        }
        return new Value(carrier, name, name + "h", isNull);
    }

    private static String readLong(Layout layout, String base, String slot) {
        return switch (layout) {
            case I64 -> "Mem.getLong(" + base + " + 8L * " + slot + ")";
            case I32 -> "Mem.getInt(" + base + " + 4L * " + slot + ")";
            case I16 -> "Mem.getShort(" + base + " + 2L * " + slot + ")";
            default -> "Mem.getByte(" + base + " + " + slot + ")";
        };
    }

    private Value constant(Lowered.Constant constant) {
        Carrier carrier = constant.carrier();
        if (constant.value() == null) {
            return new Value(carrier, zero(carrier), "0L", "true");
        }
        return switch (carrier) {
            case BOOLEAN -> new Value(carrier, constant.value().toString(), null, "false");
            case LONG -> new Value(carrier, literal((Long) Literals.number(constant)), null, "false");
            case DOUBLE -> new Value(carrier, literal((Double) Literals.number(constant)), null, "false");
            case WIDE -> {
                BigInteger unscaled = ((BigDecimal) constant.value()).setScale(constant.type().scale()).unscaledValue();
                String high = literal(unscaled.shiftRight(64).longValue());
                yield new Value(carrier, literal(unscaled.longValue()), high, "false");
            }
            default ->
                    new Value(
                            carrier, source.object(new LoopSource.Part.Constant(constant), Text.class), null, "false");
        };
    }

    private static String literal(long value) {
        return value == Long.MIN_VALUE ? "Long.MIN_VALUE" : "(" + value + "L)";
    }

    private static String literal(double value) {
        return "Double.longBitsToDouble(" + literal(Double.doubleToRawLongBits(value)) + ")";
    }

    private String zero(Carrier carrier) {
        return switch (carrier) {
            case BOOLEAN -> "false";
            case DOUBLE -> "0.0";
            case TEXT -> emptyText();
            default -> "0L";
        };
    }

    // ---- variables that branches assign ----

    private static String typeOf(Carrier carrier) {
        return switch (carrier) {
            case BOOLEAN -> "boolean";
            case DOUBLE -> "double";
            case TEXT -> TEXT;
            default -> "long";
        };
    }

    /** A variable that holds zero, not NULL unless said otherwise. */
    private Value declare(Carrier carrier, boolean nullable, String isNull) {
        String name = variable();
        line(typeOf(carrier) + " " + name + " = " + zero(carrier) + ";");
        if (carrier == Carrier.WIDE) {
            line("long " + name + "h = 0L;");
        }
        if (nullable) {
            line("boolean " + name + "n = " + isNull + ";");
        }
        return new Value(carrier, name, name + "h", nullable ? name + "n" : "false");
    }

    private void assign(Value to, Value from) {
        line(to.value + " = " + from.value + ";");
        if (to.carrier == Carrier.WIDE) {
            line(to.high + " = " + high(from) + ";");
        }
        if (!to.isNeverNull()) {
            line(to.isNull + " = " + from.isNull + ";");
        }
    }

    private static String high(Value value) {
        return value.carrier == Carrier.WIDE ? value.high : "(" + value.value + " >> 63)";
    }

    private void open(String condition) {
        line("if (" + condition + ") {");
        known.push(new HashMap<>());
    }

    private void otherwise() {
        known.pop();
        line("} else {");
        known.push(new HashMap<>());
    }

    private void close() {
        known.pop();
        line("}");
    }

    private static String anyNull(List<Value> values) {
        StringBuilder any = new StringBuilder();
        for (Value value : values) {
            if (!value.isNeverNull() && any.indexOf(value.isNull) < 0) {
                any.append(any.isEmpty() ? "" : " | ").append(value.isNull);
            }
        }
        return any.isEmpty() ? "false" : "(" + any + ")";
    }

    private static String isTrue(Value value) {
        return value.isNeverNull() ? value.value : "(!" + value.isNull + " & " + value.value + ")";
    }

    // ---- computations ----

    private Value arithmetic(Lowered.Arithmetic node) {
        Value x = emit(node.left());
        Value y = emit(node.right());
        String isNull = anyNull(List.of(x, y));
        Carrier carrier = node.carrier();
        if (carrier == Carrier.DOUBLE) {
            String name = variable();
            String computed = "(" + x.value + " " + node.operator() + " " + y.value + ")";
            boolean single = node.type().kind() == TypeKind.FLOAT;
            line("final double " + name + " = " + (single ? "(double) (float) " : "") + computed + ";");
            return new Value(carrier, name, null, isNull);
        }
        String computed = checked(exact(node, x.value, y.value), node.type());
        if (isNull.equals("false")) {
            String name = variable();
            line("final long " + name + " = " + computed + ";");
            return new Value(carrier, name, null, "false");
        }
        Value result = declare(carrier, true, isNull);
        line("if (!" + result.isNull + ") { " + result.value + " = " + computed + "; }");
        return result;
    }

    private static String exact(Lowered.Arithmetic node, String x, String y) {
        boolean safe =
                node.right() instanceof Lowered.Constant c
                        && c.value() != null
                        && Literals.number(c).longValue() != 0
                        && Literals.number(c).longValue() != -1;
        return switch (node.operator()) {
            case '+' -> "Math.addExact(" + x + ", " + y + ")";
            case '-' -> "Math.subtractExact(" + x + ", " + y + ")";
            case '*' -> "Math.multiplyExact(" + x + ", " + y + ")";
            case '/' -> safe ? "(" + x + " / " + y + ")" : "Checks.divide(" + x + ", " + y + ")";
            default -> safe ? "(" + x + " % " + y + ")" : "Checks.modulo(" + x + ", " + y + ")";
        };
    }

    private static String checked(String value, DataType type) {
        long least = Carrier.least(type);
        long greatest = Carrier.greatest(type);
        return least == Long.MIN_VALUE
                ? value
                : "Checks.range(" + value + ", " + literal(least) + ", " + literal(greatest) + ")";
    }

    private Value retype(Lowered.Retype node) {
        Value a = emit(node.argument());
        DataType from = node.argument().type();
        DataType to = node.type();
        if (Carrier.of(to) == Carrier.DOUBLE && to.kind() == TypeKind.FLOAT && from.kind() != TypeKind.FLOAT) {
            String name = variable();
            line("final double " + name + " = (double) (float) " + a.value + ";");
            return new Value(Carrier.DOUBLE, name, null, a.isNull);
        }
        boolean narrows =
                Carrier.of(to) == Carrier.LONG
                        && (Carrier.least(to) > Carrier.least(from) || Carrier.greatest(to) < Carrier.greatest(from));
        if (!narrows) {
            return new Value(Carrier.of(to), a.value, a.high, a.isNull);
        }
        Value result = declare(Carrier.LONG, !a.isNeverNull(), a.isNull);
        String guard = a.isNeverNull() ? "" : "if (!" + a.isNull + ") ";
        line(guard + "{ " + result.value + " = " + checked(a.value, to) + "; }");
        return result;
    }

    private Value compare(Lowered.Compare node) {
        Value a = emit(node.left());
        Value b = emit(node.right());
        String name = variable();
        line("final boolean " + name + " = " + comparison(node.operator(), a, b) + ";");
        return new Value(Carrier.BOOLEAN, name, null, anyNull(List.of(a, b)));
    }

    private static String comparison(Comparison operator, Value a, Value b) {
        String java =
                switch (operator) {
                    case EQUAL -> "==";
                    case NOT_EQUAL -> "!=";
                    default -> operator.symbol();
                };
        boolean equality = operator == Comparison.EQUAL || operator == Comparison.NOT_EQUAL;
        if (a.carrier == Carrier.TEXT && equality) {
            return (operator == Comparison.EQUAL ? "" : "!") + a.value + ".sameAs(" + b.value + ")";
        }
        boolean plain =
                a.carrier == Carrier.LONG && b.carrier == Carrier.LONG
                        || a.carrier == Carrier.DOUBLE
                        || a.carrier == Carrier.BOOLEAN && equality;
        return plain ? "(" + a.value + " " + java + " " + b.value + ")" : "(" + order(a, b) + " " + java + " 0)";
    }

    /** The sign of the first less the second, as {@code CompareKernel} has it. */
    private static String order(Value a, Value b) {
        return switch (a.carrier) {
            case BOOLEAN -> "Boolean.compare(" + a.value + ", " + b.value + ")";
            case DOUBLE -> "Checks.order(" + a.value + ", " + b.value + ")";
            case TEXT -> a.value + ".compareTo(" + b.value + ")";
            default ->
                    a.carrier == Carrier.LONG && b.carrier == Carrier.LONG
                            ? "Long.compare(" + a.value + ", " + b.value + ")"
                            : "Checks.order(" + high(a) + ", " + a.value + ", " + high(b) + ", " + b.value + ")";
        };
    }

    private Value distinct(Lowered.Distinct node) {
        Value a = emit(node.left());
        Value b = emit(node.right());
        String name = variable();
        String same = comparison(Comparison.EQUAL, a, b);
        String any = anyNull(List.of(a, b));
        String both =
                any.equals("false") ? same : "(" + any + " ? " + a.isNull + " == " + b.isNull + " : " + same + ")";
        line("final boolean " + name + " = " + (node.negated() ? "" : "!") + both + ";");
        return new Value(Carrier.BOOLEAN, name, null, "false");
    }

    private Value extreme(Lowered.Extreme node) {
        Value a = emit(node.left());
        Value b = emit(node.right());
        String isNull = anyNull(List.of(a, b));
        String first = order(a, b) + (node.greatest() ? " >= 0" : " <= 0");
        Value result = declare(node.carrier(), !isNull.equals("false"), isNull);
        line(
                "if ("
                        + first
                        + ") { "
                        + result.value
                        + " = "
                        + a.value
                        + "; "
                        + (node.carrier() == Carrier.WIDE ? result.high + " = " + high(a) + "; " : "")
                        + "} else { "
                        + result.value
                        + " = "
                        + b.value
                        + "; "
                        + (node.carrier() == Carrier.WIDE ? result.high + " = " + high(b) + "; " : "")
                        + "}");
        return result;
    }

    private Value nullWhen(Lowered.NullWhen node) {
        Value value = emit(node.value());
        Value condition = emit(node.condition());
        String name = variable();
        String either = value.isNeverNull() ? isTrue(condition) : value.isNull + " | " + isTrue(condition);
        line("final boolean " + name + " = " + either + ";");
        String held =
                value.carrier == Carrier.TEXT
                        ? "Checks.orEmpty(" + name + ", " + value.value + ", " + emptyText() + ")"
                        : value.value;
        return new Value(value.carrier, held, value.high, name);
    }

    private Value connective(Lowered.Connective node) {
        boolean and = node.conjunction();
        Value first = emit(node.arguments().getFirst());
        Value result = declare(Carrier.BOOLEAN, nulls || !first.isNeverNull() || mayBeNull(node), "false");
        assign(result, first);
        int depth = 0;
        for (Lowered argument : node.arguments().subList(1, node.arguments().size())) {
            String undecided = (and ? "" : "!") + result.value;
            open(result.isNeverNull() ? undecided : result.isNull + " | " + undecided);
            depth++;
            Value next = emit(argument);
            if (result.isNeverNull()) {
                line(result.value + " = " + next.value + ";");
            } else {
                String decides = and ? "!" + next.value : next.value;
                line(
                        "if (!"
                                + next.isNull
                                + " & "
                                + decides
                                + ") { "
                                + result.value
                                + " = "
                                + !and
                                + "; "
                                + result.isNull
                                + " = false; } else { "
                                + result.value
                                + " = "
                                + and
                                + "; "
                                + result.isNull
                                + " = "
                                + result.isNull
                                + " | "
                                + next.isNull
                                + "; }");
            }
        }
        for (; depth > 0; depth--) {
            close();
        }
        return result;
    }

    /** Whether a node may be NULL although no leaf is. */
    private static boolean mayBeNull(Lowered node) {
        return switch (node) {
            case Lowered.Constant c -> c.value() == null;
            case Lowered.Invoke i when i.method().nulls() != NullBehaviour.STRICT -> true;
            case Lowered.NullWhen n -> true;
            default -> node.arguments().stream().anyMatch(LoopBody::mayBeNull);
        };
    }

    private Value cases(Lowered.Case node) {
        List<Lowered> arguments = node.arguments();
        Value result = declare(node.carrier(), nulls || mayBeNull(node), "false");
        int last = arguments.size() - 1;
        int depth = 0;
        for (int i = 0; i < last; i += 2) {
            Value condition = emit(arguments.get(i));
            open(isTrue(condition));
            assign(result, emit(arguments.get(i + 1)));
            otherwise();
            depth++;
        }
        assign(result, emit(arguments.get(last)));
        for (; depth > 0; depth--) {
            close();
        }
        return result;
    }

    private Value coalesce(Lowered.Coalesce node) {
        Value result = declare(node.carrier(), nulls || mayBeNull(node), "false");
        assign(result, emit(node.arguments().getFirst()));
        int depth = 0;
        if (!result.isNeverNull()) {
            for (Lowered argument : node.arguments().subList(1, node.arguments().size())) {
                open(result.isNull);
                depth++;
                assign(result, emit(argument));
            }
        }
        for (; depth > 0; depth--) {
            close();
        }
        return result;
    }

    // ---- library methods ----

    private Value invoke(Lowered.Invoke node) {
        ScalarMethod method = node.method();
        List<Value> arguments = new ArrayList<>();
        for (Lowered argument : node.arguments()) {
            arguments.add(emit(argument));
        }
        boolean strict = method.nulls() == NullBehaviour.STRICT || method.nulls() == NullBehaviour.NULLABLE;
        boolean ownNulls =
                method.nulls() == NullBehaviour.NULLABLE
                        || method.nulls() == NullBehaviour.CALLED
                        || method.output() == Outcome.class && method.nulls() != NullBehaviour.STRICT;
        String isNull = strict ? anyNull(arguments) : "false";
        Carrier carrier = node.carrier();
        String passed = passed(node, arguments);
        if (method.output() == Text.class) {
            String out = source.object(new LoopSource.Part.Scratch(), Text.class);
            String call = name(method) + "(" + passed + comma(passed) + out + ");";
            if (isNull.equals("false")) {
                line(call);
                return new Value(carrier, out, null, ownNulls ? out + ".isNull()" : "false");
            }
            line("if (" + isNull + ") { " + out + ".setNull(); } else { " + call + " }");
            return new Value(carrier, out, null, out + ".isNull()");
        }
        Value result = declare(carrier, ownNulls || !isNull.equals("false"), isNull);
        boolean guarded = !isNull.equals("false");
        line(guarded ? "if (!" + result.isNull + ") {" : "{");
        if (method.output() == Outcome.class) {
            String outcome = "u" + variables++;
            String type = Outcome.class.getCanonicalName();
            source.declare("final " + type + " " + outcome + " = new " + type + "();");
            line(outcome + ".isNull = false;");
            invokeInto(result, node, name(method) + "(" + passed + comma(passed) + outcome + ")", outcome);
            if (ownNulls) {
                line(result.isNull + " = " + outcome + ".isNull;");
            }
        } else {
            invokeInto(result, node, name(method) + "(" + passed + ")", null);
        }
        line("}");
        return result;
    }

    private void invokeInto(Value result, Lowered.Invoke node, String call, String outcome) {
        Class<?> returned = node.method().method().getReturnType();
        if (returned == void.class) {
            line(call + ";");
            line(
                    "if (!"
                            + outcome
                            + ".isNull) { "
                            + result.value
                            + " = "
                            + outcome
                            + ".low; "
                            + (result.carrier == Carrier.WIDE ? result.high + " = " + outcome + ".high; " : "")
                            + "}");
        } else if (returned == long.class && result.carrier == Carrier.LONG) {
            line(result.value + " = " + call + ";");
            String check = checked(result.value, node.type());
            if (!check.equals(result.value)) {
                line(
                        (outcome == null ? "" : "if (!" + outcome + ".isNull) ")
                                + "{ "
                                + result.value
                                + " = "
                                + check
                                + "; }");
            }
        } else if (returned == double.class && node.type().kind() == TypeKind.FLOAT) {
            line(result.value + " = (double) (float) " + call + ";");
        } else {
            line(result.value + " = " + call + ";");
        }
    }

    private static String comma(String passed) {
        return passed.isEmpty() ? "" : ", ";
    }

    private static String name(ScalarMethod method) {
        return method.method().getDeclaringClass().getCanonicalName() + "." + method.method().getName();
    }

    private String passed(Lowered.Invoke node, List<Value> arguments) {
        ScalarMethod method = node.method();
        List<String> passed = new ArrayList<>();
        boolean called = method.nulls() == NullBehaviour.CALLED;
        if (method.isVariadic()) {
            String array = "a" + variables++;
            source.declare("final " + TEXT + "[] " + array + " = new " + TEXT + "[" + arguments.size() + "];");
            for (int i = 0; i < arguments.size(); i++) {
                line(array + "[" + i + "] = " + nullable(arguments.get(i), called) + ";");
            }
            passed.add(array);
        } else {
            for (int i = 0; i < arguments.size(); i++) {
                Value argument = arguments.get(i);
                if (node.arguments().get(i).type().kind() == TypeKind.DECIMAL) {
                    passed.add(high(argument));
                }
                passed.add(argument.carrier == Carrier.TEXT ? nullable(argument, called) : argument.value);
            }
        }
        if (method.stateClass() != null) {
            passed.add(source.object(new LoopSource.Part.State(node), method.stateClass()));
        }
        return String.join(", ", passed);
    }

    /** The text, or one that says it is NULL to a method that asks. */
    private String nullable(Value argument, boolean called) {
        if (!called || argument.isNeverNull()) {
            return argument.value;
        }
        String missing = "t" + variables++;
        source.declare("final " + TEXT + " " + missing + " = new " + TEXT + "(); " + missing + ".setNull();");
        return "(" + argument.isNull + " ? " + missing + " : " + argument.value + ")";
    }
}
