package io.millrace.formats.csv;

import io.millrace.formats.EncodedBytes;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordEncoder;
import io.millrace.formats.json.JsonWriter;
import io.millrace.formats.text.ValueWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.Schema;
import java.nio.charset.StandardCharsets;

/** Encodes a row as one CSV record. */
final class CsvRecordEncoder implements RecordEncoder {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Schema schema;
    private final int[] columns;
    private final byte delimiter;
    private final byte[] nullLiteral;
    private final EncodedBytes scratch;

    CsvRecordEncoder(FormatRequest request) {
        this.schema = request.schema();
        this.columns = request.columns().clone();
        this.delimiter = CsvFormatFactory.delimiter(request);
        this.nullLiteral = request.option(CsvFormatFactory.NULL_LITERAL).getBytes(StandardCharsets.UTF_8);
        this.scratch = new EncodedBytes(request.allocator(), 256);
    }

    @Override
    public void header(EncodedBytes out) {
        for (int i = 0; i < columns.length; i++) {
            if (i > 0) {
                out.putByte(delimiter);
            }
            scratch.truncate(0);
            scratch.putBytes(schema.name(i).getBytes(StandardCharsets.UTF_8));
            writeText(scratch.address(), scratch.lengthBytes(), out);
        }
        out.putByte('\n');
    }

    @Override
    public void encode(Batch batch, int row, EncodedBytes out) {
        for (int i = 0; i < columns.length; i++) {
            if (i > 0) {
                out.putByte(delimiter);
            }
            Column column = batch.column(columns[i]);
            if (column.isNull(row)) {
                out.putBytes(nullLiteral);
            } else {
                write(column, row, out);
            }
        }
    }

    private void write(Column column, int row, EncodedBytes out) {
        switch (column.type().kind()) {
            case VARCHAR -> writeText(column.getBytesAddress(row), column.getBytesLength(row), out);
            case BINARY -> writeHex(column.getBytesAddress(row), column.getBytesLength(row), out);
            case ROW, ARRAY, MAP -> {
                scratch.truncate(0);
                JsonWriter.write(column, row, scratch);
                writeText(scratch.address(), scratch.lengthBytes(), out);
            }
            default -> {
                scratch.truncate(0);
                ValueWriter.write(column, row, scratch);
                writeText(scratch.address(), scratch.lengthBytes(), out);
            }
        }
    }

    private static void writeHex(long address, int length, EncodedBytes out) {
        if (length == 0) {
            out.putAscii("\"\"");
        }
        for (int i = 0; i < length; i++) {
            int b = Mem.getByte(address + i);
            out.putByte(HEX[b >> 4 & 15]);
            out.putByte(HEX[b & 15]);
        }
    }

    private void writeText(long address, int length, EncodedBytes out) {
        // What reads as NULL when bare is put in quotes: the empty string first of all.
        if (!isNullLiteral(address, length) && length > 0 && isBare(address, length)) {
            out.putBytes(address, length);
            return;
        }
        out.putByte('"');
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (Mem.getByte(address + i) == '"') {
                out.putBytes(address + from, i + 1 - from);
                out.putByte('"');
                from = i + 1;
            }
        }
        out.putBytes(address + from, length - from);
        out.putByte('"');
    }

    private boolean isNullLiteral(long address, int length) {
        boolean same = length == nullLiteral.length;
        for (int i = 0; same && i < length; i++) {
            same = Mem.getByte(address + i) == nullLiteral[i];
        }
        return same;
    }

    private boolean isBare(long address, int length) {
        for (int i = 0; i < length; i++) {
            byte b = Mem.getByte(address + i);
            if (b == delimiter || b == '"' || b == '\n' || b == '\r') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        scratch.close();
    }
}
