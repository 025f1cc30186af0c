package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Layout;
import io.millrace.state.table.FixedValues;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One accumulator as it was written, by the words of its layout: how many bytes it takes, and how it becomes one of
 * values of a wider type. Stateless.
 *
 * @param layout as {@link Accumulator#layout} says it
 */
record WrittenPart(String layout) {
    private static final int DOUBLE_HEAD_BYTES = 40;
    private static final int DOUBLE_LIMBS = 67;

    /** Splits words at commas that are in no parentheses. */
    static List<String> split(String words) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= words.length(); i++) {
            char c = i == words.length() ? ',' : words.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth <= 0) {
                parts.add(words.substring(from, i));
                from = i + 1;
            }
        }
        return words.isEmpty() ? List.of() : parts;
    }

    private String name() {
        int end = 0;
        while (end < layout.length() && layout.charAt(end) != ':' && layout.charAt(end) != '(') {
            end++;
        }
        return layout.substring(0, end);
    }

    /** Of {@code distinct(bag:i64,sum)}: the bag's values and the accumulator over them. */
    private List<String> inner() {
        return split(layout.substring(layout.indexOf('(') + 1, layout.length() - 1));
    }

    private static Layout valueLayout(String words) {
        return Layout.valueOf(words.substring(words.indexOf(':') + 1).toUpperCase(Locale.ROOT));
    }

    private boolean isBytes() {
        return layout.endsWith(":bytes");
    }

    private MillraceException unknown() {
        return new MillraceException(ErrorCode.UNSUPPORTED, "state of an accumulator of layout '" + layout + "'");
    }

    /** Whether the bytes that are written are those in memory. */
    boolean isFlat() {
        return switch (name()) {
            case "count", "sum", "sum-counted", "sum-wide" -> true;
            case "min", "max" -> !isBytes();
            default -> false;
        };
    }

    /** Passes over one. */
    void skip(StateInput input) {
        switch (name()) {
            case "count" -> input.skip(8);
            case "sum" -> input.skip(16);
            case "sum-counted", "sum-wide" -> input.skip(24);
            case "sum-double" -> skipDouble(input);
            case "min", "max" -> {
                if (isBytes()) {
                    int length = input.getVarint() - 1;
                    input.skip(Math.max(0, length));
                } else {
                    input.skip(8 + slotBytes(valueLayout(layout)));
                }
            }
            case "distinct" -> {
                skipBag(input);
                new WrittenPart(inner().getLast()).skip(input);
            }
            case "retractable" -> skipBag(input);
            default -> throw unknown();
        }
    }

    private static void skipDouble(StateInput input) {
        input.skip(DOUBLE_HEAD_BYTES);
        long used = input.skip((DOUBLE_LIMBS + 7) / 8);
        for (int k = 0; k < DOUBLE_LIMBS; k++) {
            input.skip(Mem.getBit(used, k) ? 8 : 0);
        }
    }

    private static void skipBag(StateInput input) {
        int values = input.getVarint();
        for (int i = 0; i < values; i++) {
            input.skip(8);
            input.skip(input.getVarint());
        }
    }

    static int slotBytes(Layout value) {
        return value.widthBytes() > 8 ? 16 : 8;
    }

    /** Writes one that was read as one of the other layout. */
    void convert(StateInput input, WrittenPart after, StateOutput output) {
        if (layout.equals(after.layout)) {
            long from = input.skip(0);
            long before = input.remainingBytes();
            skip(input);
            output.putBytes(from, (int) (before - input.remainingBytes()));
            return;
        }
        boolean starts = name().equals(after.name());
        if (name().equals("sum") && after.layout.equals("sum-counted")) {
            output.putBytes(input.skip(16), 16);
            // It has had values, or there would be no group.
            output.putLong(1);
        } else if (starts && (name().equals("min") || name().equals("max")) && !isBytes() && !after.isBytes()) {
            convertExtremum(input, valueLayout(layout), valueLayout(after.layout), output);
        } else if (starts && (name().equals("distinct") || name().equals("retractable"))) {
            convertBag(input, valueLayout(inner().getFirst()), valueLayout(after.inner().getFirst()), output);
            if (name().equals("distinct")) {
                new WrittenPart(inner().getLast()).convert(input, new WrittenPart(after.inner().getLast()), output);
            }
        } else {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "state of " + layout + " made one of " + after.layout);
        }
    }

    private static void requireWider(Layout before, Layout after) {
        if (!FixedValues.widens(before, after)) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "values of " + before + " made ones of " + after);
        }
    }

    /** Both kinds of floating-point numbers are kept as doubles, and all integers in 64 bits. */
    private static void convertExtremum(StateInput input, Layout before, Layout after, StateOutput output) {
        requireWider(before, after);
        output.putLong(input.getLong());
        putSlot(input, before, after, output);
    }

    /** A value in 8 or 16 bytes. */
    static void putSlot(StateInput input, Layout before, Layout after, StateOutput output) {
        long low = input.getLong();
        output.putLong(low);
        if (slotBytes(after) == 16) {
            output.putLong(slotBytes(before) == 16 ? input.getLong() : low >> 63);
        }
    }

    private static void convertBag(StateInput input, Layout before, Layout after, StateOutput output) {
        requireWider(before, after);
        int values = input.getVarint();
        output.putVarint(values);
        for (int i = 0; i < values; i++) {
            output.putLong(input.getLong());
            int length = input.getVarint();
            if (after == Layout.VIEW) {
                output.putVarint(length);
                output.putBytes(input.skip(length), length);
            } else {
                output.putVarint(1 + after.widthBytes());
                output.putByte(input.getByte());
                FixedValues.put(input.skip(length - 1), before, after, output);
            }
        }
    }
}
