package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import io.millrace.state.table.ByteHeap;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The results of a group as they were last emitted, so that they can be taken back: an i64 of null bits, then 8 or 16
 * bytes a result; VARCHAR and BINARY as i64 address in a heap, i32 length, i32 length of the piece.
 */
final class EmittedRow {
    private final DataType[] types;
    private final int[] offsets;
    private final int bytes;
    private final ByteHeap heap;

    EmittedRow(DataType[] types, ByteHeap heap) {
        if (types.length > 64) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "more than 64 aggregates that change: " + types.length);
        }
        this.types = types;
        this.heap = heap;
        this.offsets = new int[types.length];
        int offset = 8;
        for (int i = 0; i < types.length; i++) {
            offsets[i] = offset;
            offset += types[i].layout().widthBytes() > 8 ? 16 : 8;
        }
        this.bytes = offset;
    }

    int bytes() {
        return bytes;
    }

    String layout() {
        return Arrays.stream(types)
                .map(type -> type.layout().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    }

    boolean isFlat() {
        return Arrays.stream(types).noneMatch(type -> type.layout() == Layout.VIEW);
    }

    /** As in memory, but VARCHAR and BINARY as varint length and bytes. */
    void write(long at, StateOutput output) {
        long nulls = Mem.getLong(at);
        output.putLong(nulls);
        for (int k = 0; k < types.length; k++) {
            long value = at + offsets[k];
            if ((nulls >>> k & 1) != 0) {
                continue;
            }
            switch (types[k].layout()) {
                case VIEW -> {
                    output.putVarint(Mem.getInt(value + 8));
                    output.putBytes(Mem.getLong(value), Mem.getInt(value + 8));
                }
                default -> output.putBytes(value, widthBytes(k));
            }
        }
    }

    /** Makes a row that is all zeros what was written. */
    void read(StateInput input, long at) {
        long nulls = input.getLong();
        for (int k = 0; k < types.length; k++) {
            long value = at + offsets[k];
            if ((nulls >>> k & 1) != 0) {
                continue;
            }
            switch (types[k].layout()) {
                case VIEW -> {
                    int length = input.getVarint();
                    storeBytes(value, input.skip(length), length);
                }
                default -> input.getBytes(value, widthBytes(k));
            }
        }
        Mem.putLong(at, nulls);
    }

    int widthBytes(int k) {
        return types[k].layout().widthBytes() > 8 ? 16 : 8;
    }

    /** Copies one row to another that has none. */
    void copy(long from, long to) {
        long nulls = Mem.getLong(from);
        for (int k = 0; k < types.length; k++) {
            long value = from + offsets[k];
            if ((nulls >>> k & 1) != 0) {
                continue;
            }
            if (types[k].layout() == Layout.VIEW) {
                storeBytes(to + offsets[k], Mem.getLong(value), Mem.getInt(value + 8));
            } else {
                Mem.copyShort(value, to + offsets[k], widthBytes(k));
            }
        }
        Mem.putLong(to, nulls);
    }

    boolean same(long at, Column[] results, int row) {
        long nulls = Mem.getLong(at);
        for (int k = 0; k < types.length; k++) {
            boolean isNull = results[k].isNull(row);
            boolean wasNull = (nulls >>> k & 1) != 0;
            if (isNull != wasNull) {
                return false;
            }
            if (!isNull && !sameValue(at + offsets[k], results[k], row)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameValue(long at, Column result, int row) {
        return switch (result.type().layout()) {
            case VIEW ->
                    Mem.getInt(at + 8) == result.getBytesLength(row)
                            && Mem.sameBytes(Mem.getLong(at), result.getBytesAddress(row), Mem.getInt(at + 8));
            case F32, F64 -> Mem.getLong(at) == Double.doubleToLongBits(result.getDouble(row));
            case I128, NANOS ->
                    Mem.getLong(at) == Mem.getLong(result.valueAddress(row))
                            && Mem.getLong(at + 8) == Mem.getLong(result.valueAddress(row) + 8);
            default -> Mem.getLong(at) == result.getLong(row);
        };
    }

    void store(long at, Column[] results, int row) {
        long nulls = 0;
        for (int k = 0; k < types.length; k++) {
            if (results[k].isNull(row)) {
                nulls |= 1L << k;
            } else {
                storeValue(at + offsets[k], results[k], row);
            }
        }
        Mem.putLong(at, nulls);
    }

    private void storeValue(long at, Column result, int row) {
        switch (result.type().layout()) {
            case VIEW -> storeBytes(at, result.getBytesAddress(row), result.getBytesLength(row));
            case F32, F64 -> Mem.putLong(at, Double.doubleToLongBits(result.getDouble(row)));
            case I128, NANOS -> {
                Mem.putLong(at, Mem.getLong(result.valueAddress(row)));
                Mem.putLong(at + 8, Mem.getLong(result.valueAddress(row) + 8));
            }
            default -> Mem.putLong(at, result.getLong(row));
        }
    }

    private void storeBytes(long at, long bytes, int length) {
        if (Mem.getLong(at) == 0 || Mem.getInt(at + 12) < length) {
            remove(at);
            int room = Math.max(8, length + length / 2);
            Mem.putLong(at, heap.allocate(room));
            Mem.putInt(at + 12, room);
        }
        Mem.copy(bytes, Mem.getLong(at), length);
        Mem.putInt(at + 8, length);
    }

    /** Frees what a row keeps in the heap; the row is then void. */
    void removeAll(long at) {
        for (int k = 0; k < types.length; k++) {
            if (types[k].layout() == Layout.VIEW) {
                remove(at + offsets[k]);
            }
        }
    }

    private void remove(long at) {
        if (Mem.getLong(at) != 0) {
            heap.free(Mem.getLong(at), Mem.getInt(at + 12));
            Mem.putLong(at, 0);
        }
    }

    /** Appends one stored result. */
    void append(long at, int call, ColumnBuilder results) {
        if ((Mem.getLong(at) >>> call & 1) != 0) {
            results.appendNull();
            return;
        }
        long value = at + offsets[call];
        Layout layout = types[call].layout();
        switch (layout) {
            case VIEW -> results.appendBytes(Mem.getLong(value), Mem.getInt(value + 8));
            case F32, F64 -> results.appendDouble(Double.longBitsToDouble(Mem.getLong(value)));
            case I128 -> results.appendInt128(Mem.getLong(value + 8), Mem.getLong(value));
            case NANOS -> results.appendNanos(Mem.getLong(value), Mem.getInt(value + 8));
            default -> results.appendLong(Mem.getLong(value));
        }
    }
}
