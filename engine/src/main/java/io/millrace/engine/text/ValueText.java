package io.millrace.engine.text;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * Values as text. Plain: BOOLEAN {@code true}/{@code false}, numbers in decimal, TIMESTAMP {@code yyyy-MM-dd
 * HH:mm:ss[.fff…]} without trailing zeros, TIMESTAMP_LTZ the same in a zone, BINARY in hexadecimal, and ROW, ARRAY, MAP
 * as JSON. JSON: BOOLEAN, integers and finite FLOAT and DOUBLE as such, ROW and MAP as objects, ARRAY as an array, NULL
 * as null, all else as the plain text in quotes, DECIMAL included. Immutable, thread-safe.
 */
public final class ValueText {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long SECONDS_PER_DAY = 86_400L;

    private final ZoneId zone;
    private final ZoneOffset fixedOffset;

    /** Writes TIMESTAMP_LTZ in this zone. */
    public ValueText(ZoneId zone) {
        this.zone = Objects.requireNonNull(zone, "zone");
        this.fixedOffset = zone.getRules().isFixedOffset() ? zone.getRules().getOffset(Instant.EPOCH) : null;
    }

    /** Appends a value that is not NULL, as plain text. */
    public void plain(TextBuffer out, Column column, int row) {
        switch (column.type().kind()) {
            case BOOLEAN -> out.put(column.getBoolean(row) ? "true" : "false");
            case TINYINT, SMALLINT, INT, BIGINT -> out.putLong(column.getLong(row));
            case FLOAT -> out.put(Float.toString((float) column.getDouble(row)));
            case DOUBLE -> out.put(Double.toString(column.getDouble(row)));
            case DECIMAL -> decimal(out, column, row);
            case DATE -> date(out, column.getLong(row));
            case TIME -> time(out, column.getLong(row) * 1_000);
            case TIMESTAMP -> timestamp(out, column, row, 0);
            case TIMESTAMP_LTZ -> timestamp(out, column, row, offsetSeconds(column.getLong(row)));
            case VARCHAR -> out.putUtf8(column.getBytesAddress(row), column.getBytesLength(row));
            case BINARY -> out.putHex(column.getBytesAddress(row), column.getBytesLength(row));
            case ROW, ARRAY, MAP -> json(out, column, row);
        }
    }

    /** Appends a value, NULL too, as JSON. */
    public void json(TextBuffer out, Column column, int row) {
        if (column.isNull(row)) {
            out.put("null");
            return;
        }
        switch (column.type().kind()) {
            case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT -> plain(out, column, row);
            case FLOAT, DOUBLE -> {
                boolean finite = Double.isFinite(column.getDouble(row));
                quoted(out, column, row, !finite);
            }
            case DECIMAL, DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ, BINARY -> quoted(out, column, row, true);
            case VARCHAR -> {
                out.put('"');
                int from = out.size();
                plain(out, column, row);
                out.escapeJson(from);
                out.put('"');
            }
            case ROW -> jsonRow(out, column, row);
            case ARRAY -> jsonArray(out, column, row);
            case MAP -> jsonMap(out, column, row);
        }
    }

    private void quoted(TextBuffer out, Column column, int row, boolean quotes) {
        if (quotes) {
            out.put('"');
        }
        plain(out, column, row);
        if (quotes) {
            out.put('"');
        }
    }

    private void jsonRow(TextBuffer out, Column column, int row) {
        Column values = column.valueColumn();
        int index = column.valueIndex(row);
        out.put('{');
        for (int i = 0; i < values.childCount(); i++) {
            if (i > 0) {
                out.put(',');
            }
            out.putJsonString(column.type().children().get(i).name()).put(':');
            json(out, values.child(i), index);
        }
        out.put('}');
    }

    private void jsonArray(TextBuffer out, Column column, int row) {
        out.put('[');
        for (int i = column.listStart(row); i < column.listEnd(row); i++) {
            if (i > column.listStart(row)) {
                out.put(',');
            }
            json(out, column.valueColumn().child(0), i);
        }
        out.put(']');
    }

    private void jsonMap(TextBuffer out, Column column, int row) {
        Column entries = column.valueColumn().child(0);
        out.put('{');
        for (int i = column.listStart(row); i < column.listEnd(row); i++) {
            if (i > column.listStart(row)) {
                out.put(',');
            }
            out.put('"');
            int from = out.size();
            plain(out, entries.child(0), i);
            out.escapeJson(from);
            out.put("\":");
            json(out, entries.child(1), i);
        }
        out.put('}');
    }

    private static void decimal(TextBuffer out, Column column, int row) {
        DataType type = column.type();
        if (type.layout() == Layout.I128) {
            long at = column.valueAddress(row);
            BigInteger low = new BigInteger(Long.toUnsignedString(Mem.getLong(at)));
            BigInteger unscaled = BigInteger.valueOf(Mem.getLong(at + 8)).shiftLeft(64).or(low);
            out.put(new BigDecimal(unscaled, type.scale()).toPlainString());
            return;
        }
        long unscaled = column.getLong(row);
        if (type.scale() == 0) {
            out.putLong(unscaled);
            return;
        }
        if (unscaled < 0) {
            out.put('-');
        }
        long power = 1;
        for (int i = 0; i < type.scale(); i++) {
            power *= 10;
        }
        long magnitude = Math.abs(unscaled);
        out.putDigits(magnitude / power, 1).put('.').putDigits(magnitude % power, type.scale());
    }

    private void timestamp(TextBuffer out, Column column, int row, int offsetSeconds) {
        long micros = column.getLong(row);
        long second = Math.floorDiv(micros, MICROS_PER_SECOND) + offsetSeconds;
        long nanos = Math.floorMod(micros, MICROS_PER_SECOND) * 1_000;
        if (column.type().layout() == Layout.NANOS) {
            nanos += Mem.getInt(column.valueAddress(row) + 8);
        }
        date(out, Math.floorDiv(second, SECONDS_PER_DAY));
        out.put(' ');
        time(out, Math.floorMod(second, SECONDS_PER_DAY) * 1_000_000_000L + nanos);
    }

    private int offsetSeconds(long micros) {
        ZoneOffset offset =
                fixedOffset != null
                        ? fixedOffset
                        : zone.getRules().getOffset(Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND)));
        return offset.getTotalSeconds();
    }

    private static void time(TextBuffer out, long nanosOfDay) {
        long second = nanosOfDay / 1_000_000_000L;
        out.putDigits(second / 3600, 2).put(':').putDigits(second / 60 % 60, 2).put(':').putDigits(second % 60, 2);
        long fraction = nanosOfDay % 1_000_000_000L;
        if (fraction != 0) {
            int digits = 9;
            while (fraction % 10 == 0) {
                fraction /= 10;
                digits--;
            }
            out.put('.').putDigits(fraction, digits);
        }
    }

    /**
     * A day of the proleptic Gregorian calendar as {@code yyyy-MM-dd}; years before 1 are negative. Source: Howard
     * Hinnant, chrono-Compatible Low-Level Date Algorithms, civil_from_days.
     */
    private static void date(TextBuffer out, long epochDay) {
        long shifted = epochDay + 719_468;
        long era = Math.floorDiv(shifted, 146_097);
        long dayOfEra = shifted - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long monthFromMarch = (5 * dayOfYear + 2) / 153;
        long day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        if (year < 0) {
            out.put('-');
        }
        out.putDigits(Math.abs(year), 4).put('-').putDigits(month, 2).put('-').putDigits(day, 2);
    }
}
