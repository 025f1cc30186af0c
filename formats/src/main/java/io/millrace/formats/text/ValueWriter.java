package io.millrace.formats.text;

import io.millrace.formats.EncodedBytes;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import java.math.BigDecimal;
import java.time.LocalDate;

/** Writes single values as text that {@link ValueReader} reads back. Stateless. */
public final class ValueWriter {
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final int MAX_LONG_BYTES = 20;

    private ValueWriter() {}

    /** Appends the text of a value that is not NULL. Not for VARCHAR, BINARY and nested types. */
    public static void write(Column column, int row, EncodedBytes out) {
        DataType type = column.type();
        switch (type.kind()) {
            case BOOLEAN -> out.putAscii(column.getBoolean(row) ? "true" : "false");
            case TINYINT, SMALLINT, INT, BIGINT -> writeLong(column.getLong(row), out);
            case FLOAT -> out.putAscii(Float.toString((float) column.getDouble(row)));
            case DOUBLE -> out.putAscii(Double.toString(column.getDouble(row)));
            case DECIMAL -> out.putAscii(((BigDecimal) column.getObject(row)).toPlainString());
            case DATE -> writeDate(column.getLong(row), out);
            case TIME -> writeTime(column.getLong(row), 0, out);
            case TIMESTAMP, TIMESTAMP_LTZ -> writeTimestamp(column, row, out);
            default -> throw new IllegalArgumentException("no text for " + type);
        }
    }

    /** Appends a whole number. */
    public static void writeLong(long value, EncodedBytes out) {
        if (value == Long.MIN_VALUE) {
            out.putAscii("-9223372036854775808");
            return;
        }
        long left = Math.abs(value);
        int digits = 1;
        for (long rest = left; rest >= 10; rest /= 10) {
            digits++;
        }
        long at = out.reserve(MAX_LONG_BYTES);
        int length = digits;
        if (value < 0) {
            Mem.putByte(at, (byte) '-');
            at++;
            length++;
        }
        for (int i = digits - 1; i >= 0; i--) {
            Mem.putByte(at + i, (byte) ('0' + left % 10));
            left /= 10;
        }
        out.advance(length);
    }

    private static void writeDate(long epochDay, EncodedBytes out) {
        LocalDate date = LocalDate.ofEpochDay(epochDay);
        if (date.getYear() < 0 || date.getYear() > 9999) {
            out.putAscii(date.toString());
            return;
        }
        long at = out.reserve(10);
        putTwo(at, date.getYear() / 100);
        putTwo(at + 2, date.getYear() % 100);
        Mem.putByte(at + 4, (byte) '-');
        putTwo(at + 5, date.getMonthValue());
        Mem.putByte(at + 7, (byte) '-');
        putTwo(at + 8, date.getDayOfMonth());
        out.advance(10);
    }

    private static void putTwo(long at, long value) {
        Mem.putByte(at, (byte) ('0' + value / 10));
        Mem.putByte(at + 1, (byte) ('0' + value % 10));
    }

    private static void writeTime(long microsOfDay, int nanosOfMicro, EncodedBytes out) {
        long second = microsOfDay / 1_000_000;
        long at = out.reserve(8);
        putTwo(at, second / 3600);
        Mem.putByte(at + 2, (byte) ':');
        putTwo(at + 3, second / 60 % 60);
        Mem.putByte(at + 5, (byte) ':');
        putTwo(at + 6, second % 60);
        out.advance(8);
        int nanos = (int) (microsOfDay % 1_000_000) * 1_000 + nanosOfMicro;
        if (nanos != 0) {
            writeFraction(nanos, out);
        }
    }

    /** The point and as many digits as are needed. */
    private static void writeFraction(int nanos, EncodedBytes out) {
        int digits = 9;
        int left = nanos;
        while (left % 10 == 0) {
            left /= 10;
            digits--;
        }
        long at = out.reserve(10);
        Mem.putByte(at, (byte) '.');
        for (int i = digits; i > 0; i--) {
            Mem.putByte(at + i, (byte) ('0' + left % 10));
            left /= 10;
        }
        out.advance(digits + 1);
    }

    private static void writeTimestamp(Column column, int row, EncodedBytes out) {
        long micros = column.getLong(row);
        boolean nanos = column.type().layout() == Layout.NANOS;
        writeDate(Math.floorDiv(micros, MICROS_PER_DAY), out);
        out.putByte(' ');
        writeTime(Math.floorMod(micros, MICROS_PER_DAY), nanos ? Mem.getInt(column.valueAddress(row) + 8) : 0, out);
        if (column.type().kind() == io.millrace.memory.types.TypeKind.TIMESTAMP_LTZ) {
            out.putByte('Z');
        }
    }
}
