package io.millrace.operators.interpreted;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.function.DataErrors;
import io.millrace.operators.function.NullBehaviour;
import io.millrace.operators.function.Outcome;
import io.millrace.operators.function.ScalarMethod;
import io.millrace.operators.function.Text;
import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.kernel.Target;
import io.millrace.operators.lowered.Carrier;
import io.millrace.operators.lowered.Lowered;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls a library method for each row, by a method handle from a row index to the result: one indirect call a row,
 * which is what interpreting costs. The handle reads the operands it was bound to.
 */
final class InvokeKernel implements RowKernel {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodHandle LONG = reader("longAt", long.class);
    private static final MethodHandle DOUBLE = reader("doubleAt", double.class);
    private static final MethodHandle BOOLEAN = reader("booleanAt", boolean.class);
    private static final MethodHandle HIGH = reader("highAt", long.class);
    private static final MethodHandle LOW = reader("lowAt", long.class);
    private static final MethodHandle TEXT;
    private static final MethodHandle TEXTS;

    static {
        try {
            TEXT =
                    LOOKUP.findStatic(
                            InvokeKernel.class,
                            "textOf",
                            MethodType.methodType(Text.class, Operand.class, Text.class, int.class));
            TEXTS =
                    LOOKUP.findStatic(
                            InvokeKernel.class,
                            "textsOf",
                            MethodType.methodType(Text[].class, Operand[].class, Text[].class, int.class));
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final String name;
    private final DataType type;
    private final boolean calledWithNulls;
    private final MethodHandle handle;
    private final Class<?> returned;
    private final Operand[] bound;
    private final Outcome outcome;
    private final Text text;
    private final long least;
    private final long greatest;

    InvokeKernel(Lowered.Invoke call, Allocator allocator) {
        ScalarMethod method = call.method();
        name = method.name();
        type = call.type();
        calledWithNulls = method.nulls() == NullBehaviour.CALLED || method.nulls() == NullBehaviour.NEVER;
        returned = method.method().getReturnType();
        outcome = method.output() == Outcome.class ? new Outcome() : null;
        text = method.output() == Text.class ? new Text(allocator) : null;
        bound = new Operand[call.arguments().size()];
        for (int i = 0; i < bound.length; i++) {
            bound[i] = new Operand();
        }
        boolean integers = returned == long.class && Carrier.of(type) == Carrier.LONG;
        least = integers ? Carrier.least(type) : Long.MIN_VALUE;
        greatest = integers ? Carrier.greatest(type) : Long.MAX_VALUE;
        handle = bind(call, method.newState(call.site()));
    }

    private static MethodHandle reader(String name, Class<?> result) {
        try {
            return LOOKUP.findVirtual(Operand.class, name, MethodType.methodType(result, int.class));
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static Text textOf(Operand operand, Text text, int row) {
        if (operand.isNull(row)) {
            text.setNull();
            return text;
        }
        return operand.textAt(row, text);
    }

    @SuppressWarnings("UnusedMethod") // by the method handle TEXTS
    private static Text[] textsOf(Operand[] operands, Text[] texts, int row) {
        for (int i = 0; i < texts.length; i++) {
            textOf(operands[i], texts[i], row);
        }
        return texts;
    }

    private MethodHandle bind(Lowered.Invoke call, Object state) {
        try {
            MethodHandle method = LOOKUP.unreflect(call.method().method());
            List<MethodHandle> readers = call.method().isVariadic() ? List.of(variadic()) : readers(call);
            int carriers = readers.size();
            if (outcome != null || text != null) {
                method =
                        MethodHandles.insertArguments(
                                method, method.type().parameterCount() - 1, outcome == null ? text : outcome);
            }
            if (state != null) {
                method = MethodHandles.insertArguments(method, carriers, state);
            }
            if (carriers == 0) {
                return MethodHandles.dropArguments(method, 0, int.class);
            }
            method = MethodHandles.filterArguments(method, 0, readers.toArray(MethodHandle[]::new));
            MethodType byRow = MethodType.methodType(returned, int.class);
            return MethodHandles.permuteArguments(method, byRow, new int[carriers]);
        } catch (IllegalAccessException hidden) {
            throw new IllegalStateException("expected a public method, found " + call.method().method(), hidden);
        }
    }

    private MethodHandle variadic() {
        Text[] texts = new Text[bound.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = new Text();
        }
        return MethodHandles.insertArguments(TEXTS, 0, bound, texts);
    }

    private List<MethodHandle> readers(Lowered.Invoke call) {
        List<MethodHandle> readers = new ArrayList<>();
        for (int i = 0; i < bound.length; i++) {
            Lowered argument = call.arguments().get(i);
            if (argument.type().kind() == TypeKind.DECIMAL) {
                readers.add(HIGH.bindTo(bound[i]));
                readers.add(LOW.bindTo(bound[i]));
                continue;
            }
            readers.add(
                    switch (argument.carrier()) {
                        case BOOLEAN -> BOOLEAN.bindTo(bound[i]);
                        case DOUBLE -> DOUBLE.bindTo(bound[i]);
                        case TEXT -> MethodHandles.insertArguments(TEXT, 0, bound[i], new Text());
                        default -> LONG.bindTo(bound[i]);
                    });
        }
        return readers;
    }

    boolean isStrict() {
        return !calledWithNulls;
    }

    @Override
    public void run(Operand[] operands, Rows rows, Target out) {
        for (int i = 0; i < bound.length; i++) {
            bound[i].set(operands[i].column());
        }
        try {
            if (text != null) {
                runText(rows, out);
            } else if (outcome != null) {
                runOutcome(rows, out);
            } else if (returned == long.class) {
                runLong(rows, out);
            } else if (returned == double.class) {
                runDouble(rows, out);
            } else {
                runBoolean(rows, out);
            }
        } catch (ArithmeticException | DateTimeException failure) {
            throw new MillraceException(ErrorCode.DATA_EXCEPTION, name + ": " + failure.getMessage(), failure);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable checked) {
            throw MillraceException.wrap(checked);
        }
    }

    private void runText(Rows rows, Target out) throws Throwable {
        int count = rows.count();
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            handle.invokeExact(row);
            out.putText(row, text);
        }
    }

    private void runOutcome(Rows rows, Target out) throws Throwable {
        int count = rows.count();
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            outcome.isNull = false;
            if (returned == void.class) {
                handle.invokeExact(row);
                if (!outcome.isNull) {
                    out.putDecimal(row, outcome.high, outcome.low);
                }
            } else if (returned == long.class) {
                long value = (long) handle.invokeExact(row);
                if (!outcome.isNull) {
                    putLong(out, row, value);
                }
            } else if (returned == double.class) {
                double value = (double) handle.invokeExact(row);
                if (!outcome.isNull) {
                    out.putDouble(row, value);
                }
            } else {
                boolean value = (boolean) handle.invokeExact(row);
                if (!outcome.isNull) {
                    out.putBoolean(row, value);
                }
            }
            if (outcome.isNull) {
                out.putNull(row);
            }
        }
    }

    private void putLong(Target out, int row, long value) {
        if (value < least || value > greatest) {
            throw DataErrors.overflow(type, String.valueOf(value));
        }
        out.putLong(row, value);
    }

    private void runLong(Rows rows, Target out) throws Throwable {
        int count = rows.count();
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            putLong(out, row, (long) handle.invokeExact(row));
        }
    }

    private void runDouble(Rows rows, Target out) throws Throwable {
        int count = rows.count();
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            out.putDouble(row, (double) handle.invokeExact(row));
        }
    }

    private void runBoolean(Rows rows, Target out) throws Throwable {
        int count = rows.count();
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            out.putBoolean(row, (boolean) handle.invokeExact(row));
        }
    }

    @Override
    public void close() {
        if (text != null) {
            text.close();
        }
    }
}
