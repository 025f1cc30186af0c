package io.millrace.state.table;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.types.Layout;

/** Values of fixed width as wider ones. Stateless. */
public final class FixedValues {
    private FixedValues() {}

    /** Whether each value of a layout is one of the other, when their types say so too. */
    public static boolean widens(Layout before, Layout after) {
        return before == after
                || isInteger(before) && isInteger(after) && before.widthBytes() <= after.widthBytes()
                || before == Layout.I64 && after == Layout.I128
                || before == Layout.F32 && after == Layout.F64;
    }

    private static boolean isInteger(Layout layout) {
        return switch (layout) {
            case I8, I16, I32, I64 -> true;
            default -> false;
        };
    }

    /** Writes the value at an address in a layout that is as wide or wider. */
    public static void put(long address, Layout before, Layout after, StateOutput output) {
        if (before == after) {
            output.putBytes(address, after.widthBytes());
            return;
        }
        if (after == Layout.F64) {
            output.putLong(Double.doubleToLongBits(Mem.getFloat(address)));
            return;
        }
        long value =
                switch (before) {
                    case I8 -> Mem.getByte(address);
                    case I16 -> Mem.getShort(address);
                    case I32 -> Mem.getInt(address);
                    default -> Mem.getLong(address);
                };
        for (int i = 0; i < Math.min(8, after.widthBytes()); i++) {
            output.putByte((int) (value >> (8 * i)));
        }
        if (after == Layout.I128) {
            output.putLong(value >> 63);
        }
    }
}
