package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.View;

/** The loops behind {@link Conversion}: from values as Parquet stores them to values as a column holds them. */
final class Converter {
    private static final long JULIAN_EPOCH_DAY = 2_440_588;
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private Converter() {}

    /** Converts {@code count} fixed-width values. */
    static void convert(Conversion how, long from, int widthBytes, int count, long to, ChunkLocation where) {
        switch (how.kind()) {
            case COPY -> Mem.copy(from, to, (long) count * widthBytes);
            case INT32_TO_I8 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putByte(to + i, (byte) Mem.getInt(from + 4L * i));
                }
            }
            case INT32_TO_I16 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putShort(to + 2L * i, (short) Mem.getInt(from + 4L * i));
                }
            }
            case INT32_TO_I64 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putLong(to + 8L * i, Mem.getInt(from + 4L * i));
                }
            }
            case UINT32_TO_I64 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putLong(to + 8L * i, Mem.getInt(from + 4L * i) & 0xffffffffL);
                }
            }
            case INT32_TO_I128 -> {
                for (int i = 0; i < count; i++) {
                    putWide(to + 16L * i, Mem.getInt(from + 4L * i));
                }
            }
            case INT64_TO_I128 -> {
                for (int i = 0; i < count; i++) {
                    putWide(to + 16L * i, Mem.getLong(from + 8L * i));
                }
            }
            case UINT64_TO_I128 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putLong(to + 16L * i, Mem.getLong(from + 8L * i));
                    Mem.putLong(to + 16L * i + 8, 0);
                }
            }
            default -> convertMore(how, from, widthBytes, count, to, where);
        }
    }

    private static void convertMore(
            Conversion how, long from, int widthBytes, int count, long to, ChunkLocation where) {
        switch (how.kind()) {
            case FLOAT_TO_F64 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putDouble(to + 8L * i, Mem.getFloat(from + 4L * i));
                }
            }
            case FLOAT16_TO_F32 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putFloat(to + 4L * i, Float.float16ToFloat(Mem.getShort(from + 2L * i)));
                }
            }
            case INT32_TO_F64 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putDouble(to + 8L * i, Mem.getInt(from + 4L * i));
                }
            }
            case INT32_SCALE -> {
                for (int i = 0; i < count; i++) {
                    Mem.putLong(to + 8L * i, Mem.getInt(from + 4L * i) * how.multiplier());
                }
            }
            case INT64_SCALE -> scale(from, count, to, how.multiplier(), where);
            case INT64_TRUNCATE -> truncate(from, count, to, how);
            case INT64_TO_NANOS -> toNanos(from, count, to, how.multiplier(), where);
            case INT96_TO_NANOS, INT96_TO_MICROS -> int96(from, count, to, how.kind(), where);
            case FIXED_TO_I64, FIXED_TO_I128 -> {
                boolean wide = how.kind() == Conversion.Kind.FIXED_TO_I128;
                for (int i = 0; i < count; i++) {
                    putBigEndian(from + (long) i * widthBytes, widthBytes, to + (wide ? 16L : 8L) * i, wide, where);
                }
            }
            default -> throw where.unsupported("conversion " + how.kind());
        }
    }

    private static void putWide(long to, long value) {
        Mem.putLong(to, value);
        Mem.putLong(to + 8, value >> 63);
    }

    private static void scale(long from, int count, long to, long multiplier, ChunkLocation where) {
        long limit = Long.MAX_VALUE / multiplier;
        for (int i = 0; i < count; i++) {
            long value = Mem.getLong(from + 8L * i);
            if (value > limit || value < -limit) {
                throw where.corrupt("the time " + value + " lies out of the range of microseconds");
            }
            Mem.putLong(to + 8L * i, value * multiplier);
        }
    }

    private static void truncate(long from, int count, long to, Conversion how) {
        long divisor = how.divisor();
        long multiple = how.multiplier();
        for (int i = 0; i < count; i++) {
            long micros = Math.floorDiv(Mem.getLong(from + 8L * i), divisor);
            Mem.putLong(to + 8L * i, micros - Math.floorMod(micros, multiple));
        }
    }

    private static void toNanos(long from, int count, long to, long nanosPerUnit, ChunkLocation where) {
        for (int i = 0; i < count; i++) {
            long value = Mem.getLong(from + 8L * i);
            long at = to + 16L * i;
            if (nanosPerUnit == 1) {
                Mem.putLong(at, Math.floorDiv(value, 1_000L));
                Mem.putLong(at + 8, Math.floorMod(value, 1_000L));
            } else {
                long microsPerUnit = nanosPerUnit / 1_000;
                if (Math.multiplyHigh(value, microsPerUnit) != value * microsPerUnit >> 63) {
                    throw where.corrupt("the time " + value + " lies out of the range of microseconds");
                }
                Mem.putLong(at, value * microsPerUnit);
                Mem.putLong(at + 8, 0);
            }
        }
    }

    /** i64 nanoseconds of the day, i32 Julian day. */
    private static void int96(long from, int count, long to, Conversion.Kind kind, ChunkLocation where) {
        for (int i = 0; i < count; i++) {
            long nanos = Mem.getLong(from + 12L * i);
            long days = Mem.getInt(from + 12L * i + 8) - JULIAN_EPOCH_DAY;
            if (nanos <= -NANOS_PER_DAY
                    || nanos >= 2 * NANOS_PER_DAY
                    || Math.abs(days) > Long.MAX_VALUE / MICROS_PER_DAY - 2) {
                throw where.corrupt("an INT96 time of day=" + days + " nanos=" + nanos);
            }
            long micros = days * MICROS_PER_DAY + Math.floorDiv(nanos, 1_000L);
            if (kind == Conversion.Kind.INT96_TO_MICROS) {
                Mem.putLong(to + 8L * i, micros);
            } else {
                Mem.putLong(to + 16L * i, micros);
                Mem.putLong(to + 16L * i + 8, Math.floorMod(nanos, 1_000L));
            }
        }
    }

    /** Converts decimals whose bytes views point to. */
    static void convertViews(Conversion how, long views, long[] data, int count, long to, ChunkLocation where) {
        boolean wide = how.kind() == Conversion.Kind.BYTES_TO_I128;
        for (int i = 0; i < count; i++) {
            long view = views + 16L * i;
            putBigEndian(View.bytesAddress(view, data), View.length(view), to + (wide ? 16L : 8L) * i, wide, where);
        }
    }

    /** A big-endian two's complement number, to one or two words; what does not fit is corrupt. */
    private static void putBigEndian(long from, int bytes, long to, boolean wide, ChunkLocation where) {
        int room = wide ? 16 : 8;
        long sign = bytes == 0 ? 0 : Mem.getByte(from) >> 7;
        int skipped = Math.max(0, bytes - room);
        for (int i = 0; i < skipped; i++) {
            if (Mem.getByte(from + i) != (byte) sign) {
                throw where.corrupt("a DECIMAL of " + bytes + " bytes does not fit " + room);
            }
        }
        long high = sign;
        long low = sign;
        for (int i = skipped; i < bytes; i++) {
            high = high << 8 | low >>> 56;
            low = low << 8 | Mem.getByte(from + i) & 0xff;
        }
        if (skipped > 0 && (wide ? high : low) >> 63 != sign) {
            throw where.corrupt("a DECIMAL of " + bytes + " bytes does not fit " + room);
        }
        Mem.putLong(to, low);
        if (wide) {
            Mem.putLong(to + 8, high);
        }
    }
}
