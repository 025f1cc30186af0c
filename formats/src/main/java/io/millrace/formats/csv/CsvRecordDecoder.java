package io.millrace.formats.csv;

import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.formats.json.JsonValueDecoder;
import io.millrace.formats.text.Utf8;
import io.millrace.formats.text.ValueReader;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Decodes one CSV record, without the line end that closes it (a carriage return may be left). */
final class CsvRecordDecoder implements RecordDecoder {
    private static final int SHOWN_BYTES = 40;

    private final Schema schema;
    private final int[] columns;
    private final byte delimiter;
    private final byte[] nullLiteral;
    private final ValueReader values;
    private final JsonValueDecoder json;
    private final Allocator allocator;

    /** By place in the record: which of the wanted fields it is, or -1. */
    private int[] fieldAt;

    private final boolean[] seen;
    private Buffer scratch;
    private Buffer copy;
    private long fieldStart;
    private int fieldLength;
    private boolean quoted;
    private String problem;

    CsvRecordDecoder(FormatRequest request) {
        this.schema = request.schema();
        this.columns = request.columns().clone();
        this.delimiter = CsvFormatFactory.delimiter(request);
        this.nullLiteral = request.option(CsvFormatFactory.NULL_LITERAL).getBytes(StandardCharsets.UTF_8);
        this.values = new ValueReader(request.zone());
        this.allocator = request.allocator();
        this.json = new JsonValueDecoder(schema, request.zone(), allocator);
        this.fieldAt = new int[request.recordSchema().size()];
        for (int i = 0; i < fieldAt.length; i++) {
            fieldAt[i] = schema.indexOf(request.recordSchema().name(i));
        }
        this.seen = new boolean[schema.size()];
    }

    @Override
    public String header(long address, int lengthBytes) {
        List<String> names = new ArrayList<>();
        long at = address;
        long end = trimmed(address, lengthBytes);
        while (at <= end) {
            at = field(at, end);
            if (at < 0) {
                return "header: " + problem;
            }
            byte[] bytes = new byte[fieldLength];
            Mem.copyOut(fieldStart, bytes, 0, fieldLength);
            names.add(new String(bytes, StandardCharsets.UTF_8));
        }
        if (!names.isEmpty() && names.getFirst().startsWith("\ufeff")) {
            names.set(0, names.getFirst().substring(1));
        }
        for (int i = 0; i < schema.size(); i++) {
            if (!names.contains(schema.name(i))) {
                return "the header has no field " + schema.name(i) + ", only " + String.join(", ", names);
            }
        }
        fieldAt = new int[names.size()];
        Arrays.fill(fieldAt, -1);
        for (int i = 0; i < fieldAt.length; i++) {
            int field = schema.indexOf(names.get(i));
            if (field >= 0 && names.indexOf(names.get(i)) != i) {
                return "the header names field " + names.get(i) + " twice";
            }
            fieldAt[i] = field;
        }
        return null;
    }

    private static long trimmed(long address, int lengthBytes) {
        boolean carriageReturn = lengthBytes > 0 && Mem.getByte(address + lengthBytes - 1) == '\r';
        return address + lengthBytes - (carriageReturn ? 1 : 0);
    }

    @Override
    public String decode(byte[] bytes, int from, int lengthBytes, BatchBuilder rows) {
        long address = copyOf(lengthBytes);
        Mem.copyIn(bytes, from, address, lengthBytes);
        return decode(address, lengthBytes, rows);
    }

    @Override
    public String decode(ByteBuffer bytes, BatchBuilder rows) {
        int length = bytes.remaining();
        if (bytes.hasArray()) {
            return decode(bytes.array(), bytes.arrayOffset() + bytes.position(), length, rows);
        }
        long address = copyOf(length);
        MemorySegment.copy(MemorySegment.ofBuffer(bytes), 0, Mem.ALL, address, length);
        return decode(address, length, rows);
    }

    private long copyOf(int lengthBytes) {
        copy = grown(copy, (long) lengthBytes + PADDING_BYTES);
        return copy.address();
    }

    private Buffer grown(Buffer buffer, long wantedBytes) {
        if (buffer != null && buffer.capacityBytes() >= wantedBytes) {
            return buffer;
        }
        Buffer larger = allocator.allocate(MemoryTag.READ, Math.max(4096, wantedBytes));
        if (buffer != null) {
            buffer.release();
        }
        return larger;
    }

    @Override
    public String decode(long address, int lengthBytes, BatchBuilder rows) {
        int before = columns.length == 0 ? 0 : rows.column(columns[0]).rowCount();
        boolean done = false;
        try {
            String reason = decodeFields(address, trimmed(address, lengthBytes), rows);
            done = reason == null;
            return reason;
        } finally {
            if (!done) {
                for (int column : columns) {
                    rows.column(column).truncate(before);
                }
            }
        }
    }

    private String decodeFields(long address, long end, BatchBuilder rows) {
        Arrays.fill(seen, false);
        long at = address;
        int place = 0;
        while (at <= end) {
            at = field(at, end);
            if (at < 0) {
                return problem;
            }
            if (place >= fieldAt.length) {
                return "expected " + fieldAt.length + " fields, found more";
            }
            int field = fieldAt[place++];
            if (field >= 0) {
                seen[field] = true;
                if (!append(rows.column(columns[field]), field)) {
                    return "field " + schema.name(field) + ": " + problem;
                }
            }
        }
        if (place != fieldAt.length) {
            return "expected " + fieldAt.length + " fields, found " + place;
        }
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i]) {
                return "field " + schema.name(i) + " is missing";
            }
        }
        return null;
    }

    /**
     * Finds the field that begins here, and where the next begins: past the end when it is the last. -1 on a problem.
     */
    private long field(long from, long end) {
        quoted = from < end && Mem.getByte(from) == '"';
        if (quoted) {
            return quotedField(from + 1, end);
        }
        long p = from;
        while (p < end) {
            byte b = Mem.getByte(p);
            if (b == delimiter) {
                break;
            }
            if (b == '"') {
                problem = "a quote within a field that does not begin with one";
                return -1;
            }
            p++;
        }
        fieldStart = from;
        fieldLength = (int) (p - from);
        return p + 1;
    }

    private long quotedField(long from, long end) {
        long p = from;
        boolean doubled = false;
        while (true) {
            if (p >= end) {
                problem = "a quoted field does not end";
                return -1;
            }
            if (Mem.getByte(p) == '"') {
                if (p + 1 < end && Mem.getByte(p + 1) == '"') {
                    doubled = true;
                    p++;
                } else {
                    break;
                }
            }
            p++;
        }
        if (p + 1 < end && Mem.getByte(p + 1) != delimiter) {
            problem = "text behind the quote that ends a field";
            return -1;
        }
        fieldStart = from;
        fieldLength = (int) (p - from);
        if (doubled) {
            undouble();
        }
        return p + 2;
    }

    private void undouble() {
        scratch = grown(scratch, (long) fieldLength + PADDING_BYTES);
        long to = scratch.address();
        int length = 0;
        for (int i = 0; i < fieldLength; i++) {
            byte b = Mem.getByte(fieldStart + i);
            Mem.putByte(to + length++, b);
            i += b == '"' ? 1 : 0;
        }
        fieldStart = to;
        fieldLength = length;
    }

    private boolean append(ColumnBuilder to, int field) {
        DataType type = schema.type(field);
        if (!quoted && isNullLiteral()) {
            if (!type.nullable()) {
                problem = "expected " + type + ", found NULL";
                return false;
            }
            to.appendNull();
            return true;
        }
        boolean appended =
                switch (type.kind()) {
                    case VARCHAR -> appendText(to);
                    case BINARY -> appendHex(to);
                    case ROW, ARRAY, MAP -> appendJson(to, field);
                    default -> values.append(to, type, fieldStart, fieldLength);
                };
        if (!appended) {
            byte[] shown = new byte[Math.min(SHOWN_BYTES, fieldLength)];
            Mem.copyOut(fieldStart, shown, 0, shown.length);
            problem =
                    "expected "
                            + type.withNullable(true)
                            + ", found "
                            + new String(shown, StandardCharsets.UTF_8)
                            + (shown.length < fieldLength ? "…" : "");
        }
        return appended;
    }

    private boolean isNullLiteral() {
        boolean same = fieldLength == nullLiteral.length;
        for (int i = 0; same && i < fieldLength; i++) {
            same = Mem.getByte(fieldStart + i) == nullLiteral[i];
        }
        return same;
    }

    private boolean appendText(ColumnBuilder to) {
        if (Utf8.firstBad(fieldStart, fieldLength) >= 0) {
            return false;
        }
        to.appendBytes(fieldStart, fieldLength);
        return true;
    }

    private boolean appendHex(ColumnBuilder to) {
        if ((fieldLength & 1) != 0) {
            return false;
        }
        byte[] bytes = new byte[fieldLength / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(Mem.getByte(fieldStart + 2L * i), 16);
            int low = Character.digit(Mem.getByte(fieldStart + 2L * i + 1), 16);
            if (high < 0 || low < 0) {
                return false;
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        to.appendBytes(bytes);
        return true;
    }

    private boolean appendJson(ColumnBuilder to, int field) {
        // The JSON scanner reads past the end in whole words: within the record, or its padding.
        return json.append(to, field, fieldStart, fieldLength) == null;
    }

    @Override
    public void close() {
        json.close();
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
        if (copy != null) {
            copy.release();
            copy = null;
        }
    }
}
