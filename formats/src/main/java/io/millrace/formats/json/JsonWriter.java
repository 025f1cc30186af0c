package io.millrace.formats.json;

import io.millrace.formats.EncodedBytes;
import io.millrace.formats.text.ValueWriter;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Writes values as JSON: what the record encoder is made of, and how CSV writes nested values. Stateless. */
public final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonWriter() {}

    /** Appends a value of any type, NULL included. */
    public static void write(Column column, int row, EncodedBytes out) {
        if (column.isNull(row)) {
            out.putAscii("null");
            return;
        }
        switch (column.type().kind()) {
            case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT -> ValueWriter.write(column, row, out);
            case FLOAT, DOUBLE -> {
                double value = column.getDouble(row);
                boolean quoted = Double.isNaN(value) || Double.isInfinite(value);
                writeScalar(column, row, quoted, out);
            }
            case DECIMAL, DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ -> writeScalar(column, row, true, out);
            case VARCHAR -> writeString(column.getBytesAddress(row), column.getBytesLength(row), out);
            case BINARY -> {
                out.putByte('"');
                out.putBytes(Base64.getEncoder().encode(column.getBytes(row)));
                out.putByte('"');
            }
            case ROW -> writeRow(column, row, out);
            case ARRAY -> writeArray(column, row, out);
            case MAP -> writeMap(column, row, out);
        }
    }

    private static void writeScalar(Column column, int row, boolean quoted, EncodedBytes out) {
        if (quoted) {
            out.putByte('"');
        }
        ValueWriter.write(column, row, out);
        if (quoted) {
            out.putByte('"');
        }
    }

    private static void writeRow(Column column, int row, EncodedBytes out) {
        Column values = column.valueColumn();
        int index = column.valueIndex(row);
        List<Field> fields = column.type().children();
        out.putByte('{');
        for (int i = 0; i < fields.size(); i++) {
            if (i > 0) {
                out.putByte(',');
            }
            writeKey(fields.get(i).name(), out);
            write(values.child(i), index, out);
        }
        out.putByte('}');
    }

    private static void writeArray(Column column, int row, EncodedBytes out) {
        Column values = column.valueColumn();
        int index = column.valueIndex(row);
        out.putByte('[');
        for (int i = values.listStart(index); i < values.listEnd(index); i++) {
            if (i > values.listStart(index)) {
                out.putByte(',');
            }
            write(values.child(0), i, out);
        }
        out.putByte(']');
    }

    private static void writeMap(Column column, int row, EncodedBytes out) {
        Column values = column.valueColumn();
        int index = column.valueIndex(row);
        Column keys = values.child(0).child(0);
        DataType keyType = keys.type();
        out.putByte('{');
        for (int i = values.listStart(index); i < values.listEnd(index); i++) {
            if (i > values.listStart(index)) {
                out.putByte(',');
            }
            // A key is a string in JSON, whatever its type.
            boolean bare =
                    switch (keyType.kind()) {
                        case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE -> true;
                        default -> false;
                    };
            if (bare) {
                writeScalar(keys, i, true, out);
            } else {
                write(keys, i, out);
            }
            out.putByte(':');
            write(values.child(0).child(1), i, out);
        }
        out.putByte('}');
    }

    /** Appends {@code "name":}. */
    static void writeKey(String name, EncodedBytes out) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        out.putByte('"');
        for (byte b : bytes) {
            writeByte(b, out);
        }
        out.putByte('"');
        out.putByte(':');
    }

    private static void writeByte(byte b, EncodedBytes out) {
        if (b >= 0 && b < 0x20 || b == '"' || b == '\\') {
            escape(b, out);
        } else {
            out.putByte(b);
        }
    }

    /** Appends a string in quotes; runs of bytes that need no escape are copied at once. */
    static void writeString(long address, int lengthBytes, EncodedBytes out) {
        out.putByte('"');
        int from = 0;
        for (int i = 0; i < lengthBytes; i++) {
            byte b = Mem.getByte(address + i);
            if (b >= 0 && b < 0x20 || b == '"' || b == '\\') {
                out.putBytes(address + from, i - from);
                escape(b, out);
                from = i + 1;
            }
        }
        out.putBytes(address + from, lengthBytes - from);
        out.putByte('"');
    }

    private static void escape(byte b, EncodedBytes out) {
        out.putByte('\\');
        switch (b) {
            case '"', '\\' -> out.putByte(b);
            case '\n' -> out.putByte('n');
            case '\r' -> out.putByte('r');
            case '\t' -> out.putByte('t');
            case '\b' -> out.putByte('b');
            case '\f' -> out.putByte('f');
            default -> {
                out.putAscii("u00");
                out.putByte(HEX[b >> 4]);
                out.putByte(HEX[b & 15]);
            }
        }
    }
}
