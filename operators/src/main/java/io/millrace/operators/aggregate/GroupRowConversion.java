package io.millrace.operators.aggregate;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Layout;
import io.millrace.state.table.RowConversion;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;
import java.util.List;
import java.util.Locale;

/**
 * Rows of a {@link GroupTable} of an earlier script, whose aggregates were others or in another order, as {@link
 * GroupRowCodec} reads them. An aggregate that is new begins as one that saw no row; as emitted, it was what that
 * gives. One thread; holds nothing.
 */
final class GroupRowConversion implements RowConversion {
    private static final String EMITTED = "|emitted:";
    private static final String ROWS = "rows";

    private final boolean retracting;
    private final boolean tracked;
    private final boolean wasFlat;
    private final boolean flat;
    private final List<WrittenPart> before;
    private final List<WrittenPart> after;
    private final List<Layout> emittedBefore;
    private final List<Layout> emittedAfter;
    private final int[] from;
    private final byte[][] empty;
    private final byte[][] emptyEmitted;
    private final StateInput[] parts;
    private final StateInput[] results;

    /**
     * A conversion.
     *
     * @param from for each accumulator which it was, or -1
     * @param empty what each accumulator writes that saw no row
     * @param emptyEmitted what each result is then, as it lies; null for NULL
     */
    GroupRowConversion(
            String layoutBefore, String layoutAfter, List<Integer> from, byte[][] empty, byte[][] emptyEmitted) {
        this.before = accumulators(layoutBefore);
        this.after = accumulators(layoutAfter);
        this.emittedBefore = emitted(layoutBefore);
        this.emittedAfter = emitted(layoutAfter);
        this.retracting = isRetracting(layoutBefore);
        this.tracked = emittedBefore != null;
        this.wasFlat = isFlat(before, emittedBefore);
        this.flat = isFlat(after, emittedAfter);
        this.from = from.stream().mapToInt(Integer::intValue).toArray();
        this.empty = empty;
        this.emptyEmitted = emptyEmitted;
        this.parts = inputs(before.size());
        this.results = inputs(before.size());
        if (retracting != isRetracting(layoutAfter) || tracked != (emittedAfter != null)) {
            throw new MillraceException(
                    ErrorCode.UNSUPPORTED, "groups of " + layoutBefore + " made ones of " + layoutAfter);
        }
    }

    private static StateInput[] inputs(int count) {
        StateInput[] inputs = new StateInput[count];
        for (int i = 0; i < count; i++) {
            inputs[i] = new StateInput();
        }
        return inputs;
    }

    private static String withoutEmitted(String layout) {
        int end = layout.indexOf(EMITTED);
        return end < 0 ? layout : layout.substring(0, end);
    }

    private static boolean isRetracting(String layout) {
        return layout.equals(ROWS) || layout.startsWith(ROWS + ",");
    }

    private static List<WrittenPart> accumulators(String layout) {
        List<String> words = WrittenPart.split(withoutEmitted(layout));
        return words.stream()
                .filter(word -> !word.isEmpty())
                .skip(isRetracting(layout) ? 1 : 0)
                .map(WrittenPart::new)
                .toList();
    }

    private static List<Layout> emitted(String layout) {
        int at = layout.indexOf(EMITTED);
        return at < 0
                ? null
                : WrittenPart.split(layout.substring(at + EMITTED.length())).stream()
                        .filter(word -> !word.isEmpty())
                        .map(word -> Layout.valueOf(word.toUpperCase(Locale.ROOT)))
                        .toList();
    }

    private static boolean isFlat(List<WrittenPart> accumulators, List<Layout> results) {
        return accumulators.stream().allMatch(WrittenPart::isFlat)
                && (results == null || !results.contains(Layout.VIEW));
    }

    @Override
    public void convert(StateInput input, StateOutput output) {
        long rows = retracting ? input.getLong() : 0;
        if (retracting) {
            output.putLong(rows);
        }
        int read = retracting ? 8 : 0;
        for (int k = 0; k < parts.length; k++) {
            read += mark(parts[k], input, before.get(k));
        }
        if (wasFlat && read < 8) {
            input.skip(8 - read);
        }
        long start = output.sizeBytes() - (retracting ? 8 : 0);
        for (int k = 0; k < from.length; k++) {
            if (from[k] < 0) {
                put(empty[k], output);
            } else {
                before.get(from[k]).convert(parts[from[k]], after.get(k), output);
            }
        }
        while (flat && output.sizeBytes() - start < 8) {
            output.putByte(0);
        }
        if (tracked) {
            convertEmitted(input, output);
        }
    }

    /** Remembers where a part begins and passes over it; returns its bytes. */
    private static int mark(StateInput part, StateInput input, WrittenPart of) {
        long all = input.remainingBytes();
        part.wrap(input.skip(0), all);
        of.skip(input);
        return (int) (all - input.remainingBytes());
    }

    private static void put(byte[] bytes, StateOutput output) {
        for (byte each : bytes) {
            output.putByte(each);
        }
    }

    private void convertEmitted(StateInput input, StateOutput output) {
        long flags = input.getLong();
        output.putLong(flags);
        boolean wasEmitted = (flags & GroupTable.EMITTED) != 0;
        long nulls = wasEmitted || wasFlat ? input.getLong() : 0;
        if (wasEmitted || wasFlat) {
            for (int k = 0; k < results.length; k++) {
                results[k].wrap(input.skip(0), input.remainingBytes());
                if (wasFlat || (nulls >>> k & 1) == 0) {
                    skipResult(emittedBefore.get(k), input);
                }
            }
        }
        if (!wasEmitted && !flat) {
            return;
        }
        long newNulls = 0;
        for (int k = 0; wasEmitted && k < from.length; k++) {
            boolean isNull = from[k] < 0 ? emptyEmitted[k] == null : (nulls >>> from[k] & 1) != 0;
            newNulls |= isNull ? 1L << k : 0;
        }
        output.putLong(newNulls);
        for (int k = 0; k < from.length; k++) {
            if (!wasEmitted || (newNulls >>> k & 1) != 0) {
                for (int i = 0; flat && i < WrittenPart.slotBytes(emittedAfter.get(k)); i++) {
                    output.putByte(0);
                }
            } else if (from[k] < 0) {
                put(emptyEmitted[k], output);
            } else {
                putResult(results[from[k]], emittedBefore.get(from[k]), emittedAfter.get(k), output);
            }
        }
    }

    private static void skipResult(Layout layout, StateInput input) {
        input.skip(layout == Layout.VIEW ? input.getVarint() : WrittenPart.slotBytes(layout));
    }

    private static void putResult(StateInput result, Layout before, Layout after, StateOutput output) {
        if (after == Layout.VIEW) {
            int length = result.getVarint();
            output.putVarint(length);
            output.putBytes(result.skip(length), length);
        } else {
            WrittenPart.putSlot(result, before, after, output);
        }
    }
}
