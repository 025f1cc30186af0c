package io.millrace.memory.hash;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.column.View;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Layout;

/**
 * 64-bit hashes by folding 128-bit products, in the manner of wyhash and its kin (Wang Yi, 2019). Equal SQL values of
 * one type hash alike whatever their encoding: NULL has a hash of its own, zeros of either sign and all NaNs are one
 * value each. State depends on these hashes through {@link #keyGroup}: they never change.
 */
public final class Hashing {
    private static final long P0 = 0x9E3779B97F4A7C15L;
    private static final long P1 = 0xD1B54A32D192ED03L;
    private static final long P2 = 0x8CB92BA72F3D8DD7L;
    private static final long NULL_HASH = 0x5851F42D4C957F2DL;

    private Hashing() {}

    private static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    public static long hashLong(long value) {
        return fold(value ^ P0, P1);
    }

    /** Mixes a column's hash into that of the columns before it. */
    public static long combine(long before, long next) {
        return fold(before ^ P1, next ^ P2);
    }

    public static long hashDouble(double value) {
        return hashLong(Double.doubleToLongBits(value == 0.0 ? 0.0 : value));
    }

    public static long hashBytes(long address, int lengthBytes) {
        long hash = P2 ^ lengthBytes;
        int i = 0;
        for (; i + 16 <= lengthBytes; i += 16) {
            hash = fold(Mem.getLong(address + i) ^ P0, Mem.getLong(address + i + 8) ^ hash);
        }
        if (i + 8 <= lengthBytes) {
            hash = fold(Mem.getLong(address + i) ^ P1, hash ^ P0);
            i += 8;
        }
        long tail = i == lengthBytes ? 0 : tail(address, i, lengthBytes);
        return fold(tail ^ P2, hash ^ P1);
    }

    /** The last, fewer than eight bytes as a little-endian number; reads nothing outside the value. */
    private static long tail(long address, int from, int lengthBytes) {
        int bytes = lengthBytes - from;
        if (lengthBytes >= 8) {
            return Mem.getLong(address + lengthBytes - 8) >>> (64 - 8 * bytes);
        }
        long tail = 0;
        if (bytes >= 4) {
            tail = Mem.getInt(address) & 0xffffffffL;
            return tail | (Mem.getInt(address + bytes - 4) & 0xffffffffL) << (8 * (bytes - 4));
        }
        for (int i = 0; i < bytes; i++) {
            tail |= (Mem.getByte(address + i) & 0xffL) << (8 * i);
        }
        return tail;
    }

    /** The key group of a hash: its upper bits, scaled, so that a table may use the lower ones. */
    public static int keyGroup(long hash, int keyGroups) {
        return (int) ((hash >>> 32) * keyGroups >>> 32);
    }

    /** The worker that owns a key group when {@code parallelism} workers share {@code keyGroups} in ranges. */
    public static int ownerOf(int keyGroup, int keyGroups, int parallelism) {
        return keyGroup * parallelism / keyGroups;
    }

    /**
     * Hashes one column's rows. Row {@code i} of those selected goes to {@code hashesAddress + 8 * i}: written when
     * {@code first}, else combined with what is there.
     *
     * @param selectionAddress i32 row indices, or 0 for the first {@code count} rows
     * @param scratch for the hashes of a dictionary's entries
     */
    public static void hashColumn(
            Column column, long selectionAddress, int count, long hashesAddress, boolean first, Allocator scratch) {
        if (column.encoding() == Encoding.DICTIONARY && column.dictionary().rowCount() <= 2 * count) {
            hashDictionary(column, selectionAddress, count, hashesAddress, first, scratch);
            return;
        }
        boolean plain = column.encoding() == Encoding.FLAT && !column.hasNulls() && selectionAddress == 0 && first;
        if (plain && column.type().layout() == Layout.I64) {
            hashLongs(column.valuesAddress(), count, hashesAddress);
            return;
        }
        if (column.encoding() == Encoding.FLAT && !column.hasNulls() && selectionAddress == 0) {
            if (column.type().layout() == Layout.VIEW) {
                hashViews(column, count, hashesAddress, first);
                return;
            }
            if (column.type().layout() == Layout.I64) {
                combineLongs(column.valuesAddress(), count, hashesAddress);
                return;
            }
        }
        for (int i = 0; i < count; i++) {
            int row = selectionAddress == 0 ? i : Mem.getInt(selectionAddress + 4L * i);
            store(hashesAddress + 8L * i, hashValue(column, row), first);
        }
    }

    private static void hashViews(Column column, int count, long hashes, boolean first) {
        long[] data = column.dataAddresses();
        long view = column.valuesAddress();
        for (int i = 0; i < count; i++, view += View.WIDTH_BYTES) {
            long hash = hashBytes(View.bytesAddress(view, data), View.length(view));
            store(hashes + 8L * i, hash, first);
        }
    }

    private static void combineLongs(long values, int count, long hashes) {
        for (int i = 0; i < count; i++) {
            long at = hashes + 8L * i;
            Mem.putLong(at, combine(Mem.getLong(at), hashLong(Mem.getLong(values + 8L * i))));
        }
    }

    private static void hashLongs(long values, int count, long hashes) {
        for (int i = 0; i < count; i++) {
            Mem.putLong(hashes + 8L * i, hashLong(Mem.getLong(values + 8L * i)));
        }
    }

    private static void store(long at, long hash, boolean first) {
        Mem.putLong(at, first ? hash : combine(Mem.getLong(at), hash));
    }

    private static void hashDictionary(
            Column column, long selection, int count, long hashes, boolean first, Allocator scratch) {
        Column dictionary = column.dictionary();
        Buffer entries = scratch.allocate(MemoryTag.BATCH, 8L * Math.max(1, dictionary.rowCount()));
        try {
            long entryHashes = entries.address();
            for (int i = 0; i < dictionary.rowCount(); i++) {
                Mem.putLong(entryHashes + 8L * i, hashValue(dictionary, i));
            }
            long indices = column.valuesAddress();
            for (int i = 0; i < count; i++) {
                int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
                long hash =
                        column.isNull(row) ? NULL_HASH : Mem.getLong(entryHashes + 8L * Mem.getInt(indices + 4L * row));
                store(hashes + 8L * i, hash, first);
            }
        } finally {
            entries.release();
        }
    }

    /** The hash of one value. */
    public static long hashValue(Column column, int row) {
        if (column.isNull(row)) {
            return NULL_HASH;
        }
        Layout layout = column.type().layout();
        switch (layout) {
            case BOOL8, I8, I16, I32, I64 -> {
                return hashLong(column.getLong(row));
            }
            case F32, F64 -> {
                return hashDouble(column.getDouble(row));
            }
            case I128, NANOS -> {
                long at = column.valueAddress(row);
                return combine(hashLong(Mem.getLong(at)), hashLong(Mem.getLong(at + 8)));
            }
            case VIEW -> {
                Column values = column.valueColumn();
                long view = column.valueAddress(row);
                return hashBytes(View.bytesAddress(view, values.dataAddresses()), View.length(view));
            }
            case STRUCT -> {
                Column values = column.valueColumn();
                int index = column.valueIndex(row);
                long hash = P0;
                for (int i = 0; i < values.childCount(); i++) {
                    hash = combine(hash, hashValue(values.child(i), index));
                }
                return hash;
            }
            case LIST -> {
                long hash = P1;
                for (int i = column.listStart(row); i < column.listEnd(row); i++) {
                    hash = combine(hash, hashValue(column.child(0), i));
                }
                return hash;
            }
            default -> throw MillraceException.internal("no hash for " + layout);
        }
    }
}
