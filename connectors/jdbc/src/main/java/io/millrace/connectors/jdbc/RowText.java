package io.millrace.connectors.jdbc;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Rows as they are stored until they are committed, each value as the text that the database reads. A chunk, numbers
 * big endian:
 *
 * <pre>
 *   u8 version (1), then per row:
 *   u8 1 to insert or replace, 0 to delete | per column: i32 length, -1 for NULL | UTF-8 text
 * </pre>
 */
final class RowText {
    static final byte VERSION = 1;

    private RowText() {}

    /** The row's columns. */
    static byte[] of(Batch batch, int row, int[] columns) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (int column : columns) {
                Object value = batch.column(column).getObject(row);
                byte[] text = value == null ? null : text(value).getBytes(StandardCharsets.UTF_8);
                out.writeInt(text == null ? -1 : text.length);
                if (text != null) {
                    out.write(text);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static String text(Object value) {
        return switch (value) {
            case byte[] bytes -> "\\x" + HexFormat.of().formatHex(bytes);
            case BigDecimal number -> number.toPlainString();
            default -> value.toString();
        };
    }

    /** The next row's values, NULL as null. */
    static String[] next(ByteBuffer in, int columns) {
        String[] values = new String[columns];
        try {
            for (int i = 0; i < columns; i++) {
                int length = in.getInt();
                if (length >= 0) {
                    values[i] = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
                    in.position(in.position() + length);
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException cut) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, "stored output ends within a row", cut);
        }
        return values;
    }
}
