package io.millrace.state.table;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import java.util.List;

/**
 * Encoded keys of columns in another order, or of narrower types, to those of {@link KeyCodec}. One thread; holds
 * nothing.
 */
final class KeyConversion implements RowConversion {
    private final Layout[] before;
    private final Layout[] after;
    private final int[] from;
    private final long[] addresses;

    /**
     * A conversion.
     *
     * @param before layouts of the keys as they were
     * @param keyTypes as they are
     * @param from for each, which it was
     */
    KeyConversion(List<Layout> before, List<DataType> keyTypes, List<Integer> from) {
        this.before = before.toArray(new Layout[0]);
        this.after = keyTypes.stream().map(DataType::layout).toArray(Layout[]::new);
        this.from = from.stream().mapToInt(Integer::intValue).toArray();
        this.addresses = new long[this.before.length];
        for (int k = 0; k < after.length; k++) {
            if (!FixedValues.widens(this.before[this.from[k]], after[k])) {
                throw new MillraceException(
                        ErrorCode.UNSUPPORTED, "a key of " + this.before[this.from[k]] + " made one of " + after[k]);
            }
        }
    }

    @Override
    public void convert(StateInput input, StateOutput output) {
        long nulls = input.skip((before.length + 7) / 8);
        for (int k = 0; k < before.length; k++) {
            addresses[k] = input.skip(0);
            input.skip(before[k] == Layout.VIEW ? input.getInt() : before[k].widthBytes());
        }
        int nullBytes = (after.length + 7) / 8;
        for (int first = 0; first < nullBytes * 8; first += 8) {
            int bits = 0;
            for (int k = first; k < Math.min(after.length, first + 8); k++) {
                bits |= Mem.getBit(nulls, from[k]) ? 1 << (k - first) : 0;
            }
            output.putByte(bits);
        }
        for (int k = 0; k < after.length; k++) {
            long value = addresses[from[k]];
            if (after[k] == Layout.VIEW) {
                output.putBytes(value, 4 + Mem.getInt(value));
            } else {
                FixedValues.put(value, before[from[k]], after[k], output);
            }
        }
    }
}
