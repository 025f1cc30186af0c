package io.millrace.formats.json;

import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.formats.text.ValueReader;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import io.millrace.memory.types.TypeKind;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Decodes one JSON object a record. */
final class JsonRecordDecoder implements RecordDecoder {
    private static final int SHOWN_BYTES = 40;
    private static final Malformed DUPLICATE = new Malformed("a key stands twice");

    private final ObjectShape shape;
    private final int[] columns;
    private final boolean failOnMissing;
    private final ValueReader values;
    private final Allocator allocator;
    private final JsonScanner in = new JsonScanner();
    private final ColumnBuilder[] targets;
    private Buffer scratch;

    /** Where the record is copied that was not given by address. */
    private Buffer copy;

    /** Set for a record in which a key stands twice: then each object is looked through first. */
    private boolean careful;

    private String inField;
    private BatchBuilder targetsOf;

    JsonRecordDecoder(FormatRequest request) {
        this.shape = new ObjectShape(request.schema().fields());
        this.columns = request.columns().clone();
        this.failOnMissing = Boolean.parseBoolean(request.option(JsonFormatFactory.FAIL_ON_MISSING));
        this.values = new ValueReader(request.zone());
        this.allocator = request.allocator();
        this.targets = new ColumnBuilder[columns.length];
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
        long wanted = (long) lengthBytes + PADDING_BYTES;
        if (copy == null || copy.capacityBytes() < wanted) {
            if (copy != null) {
                copy.release();
                copy = null;
            }
            copy = allocator.allocate(MemoryTag.READ, Math.max(4096, wanted));
        }
        return copy.address();
    }

    @Override
    public String decode(long address, int lengthBytes, BatchBuilder rows) {
        if (rows != targetsOf) {
            for (int i = 0; i < targets.length; i++) {
                targets[i] = rows.column(columns[i]);
            }
            targetsOf = rows;
        }
        int before = targets.length == 0 ? 0 : targets[0].rowCount();
        try {
            careful = false;
            decodeRecord(address, lengthBytes);
            return null;
        } catch (Malformed malformed) {
            takeBack(before);
            if (malformed != DUPLICATE) {
                return reason(malformed);
            }
        } catch (RuntimeException failure) {
            takeBack(before);
            throw failure;
        }
        try {
            careful = true;
            decodeRecord(address, lengthBytes);
            return null;
        } catch (Malformed malformed) {
            takeBack(before);
            return reason(malformed);
        }
    }

    /** Appends a value of a field's type that stands by itself; null when it was, else the reason. */
    String appendValue(ColumnBuilder to, int field, long address, int lengthBytes) {
        int before = to.rowCount();
        for (int attempt = 0; ; attempt++) {
            careful = attempt > 0;
            try {
                inField = null;
                in.start(address, lengthBytes);
                value(to, shape.types[field], shape.shapes[field]);
                if (in.peek() != 0 || in.at < in.end()) {
                    throw in.malformed("nothing after the value");
                }
                return null;
            } catch (Malformed malformed) {
                to.truncate(before);
                if (malformed != DUPLICATE || attempt > 0) {
                    return reason(malformed);
                }
            }
        }
    }

    private String reason(Malformed malformed) {
        return inField == null ? malformed.getMessage() : "field " + inField + ": " + malformed.getMessage();
    }

    private void takeBack(int before) {
        for (ColumnBuilder target : targets) {
            target.truncate(before);
        }
    }

    private void decodeRecord(long address, int lengthBytes) {
        inField = null;
        in.start(address, lengthBytes);
        if (in.peek() != '{') {
            throw in.malformed("an object");
        }
        object(shape, null);
        if (in.peek() != 0 || in.at < in.end()) {
            throw in.malformed("nothing after the object");
        }
    }

    /** Reads an object's members to the columns of the record, or to the children of a ROW. */
    private void object(ObjectShape object, ColumnBuilder row) {
        int[] last = careful ? lastPositions(object) : null;
        long seen = 0;
        boolean[] seenMany = object.size() > 64 ? new boolean[object.size()] : null;
        in.at++;
        boolean more = in.peek() != '}' && in.atKey();
        if (!more) {
            in.at++;
        }
        for (int position = 0; more; position++) {
            int field = object.key(position, in);
            if (field == ObjectShape.UNKNOWN || last != null && last[field] != position) {
                in.skipValue();
            } else {
                if (seenMany == null ? (seen & 1L << field) != 0 : seenMany[field]) {
                    throw DUPLICATE;
                }
                if (seenMany == null) {
                    seen |= 1L << field;
                } else {
                    seenMany[field] = true;
                }
                try {
                    member(row == null ? targets[field] : row.child(field), object, field);
                } catch (Malformed malformed) {
                    // Noted here and not before: a reference stored a field is a shared card marked a field.
                    inField = inField == null ? object.names[field] : inField;
                    throw malformed;
                }
            }
            more = in.anotherKey();
        }
        long all = object.size() == 64 ? -1L : (1L << object.size()) - 1;
        if (seenMany != null || seen != all) {
            fillMissing(object, row, seen, seenMany);
        }
    }

    private void fillMissing(ObjectShape object, ColumnBuilder row, long seen, boolean[] seenMany) {
        for (int field = 0; field < object.size(); field++) {
            if (seenMany == null ? (seen & 1L << field) == 0 : !seenMany[field]) {
                if (failOnMissing || !object.types[field].nullable()) {
                    throw new Malformed("field " + object.names[field] + " is missing");
                }
                (row == null ? targets[field] : row.child(field)).appendNull();
            }
        }
    }

    /** Where each field of the object that begins here stands for the last time; the scanner stays. */
    private int[] lastPositions(ObjectShape object) {
        int[] last = new int[object.size()];
        Arrays.fill(last, -1);
        long start = in.at;
        in.at++;
        boolean more = in.peek() != '}' && in.atKey();
        for (int position = 0; more; position++) {
            int field = object.key(position, in);
            in.skipValue();
            if (field != ObjectShape.UNKNOWN) {
                last[field] = position;
            }
            more = in.anotherKey();
        }
        in.at = start;
        return last;
    }

    /** Reads a field's value, first as it is mostly written. */
    private void member(ColumnBuilder to, ObjectShape object, int field) {
        int b = in.peek();
        switch (object.usual[field]) {
            case DIGITS -> {
                if ((b == '-' || b >= '0' && b <= '9') && integer(to, object.types[field].layout(), b)) {
                    return;
                }
            }
            case TEXT -> {
                if (b == '"') {
                    in.string();
                    text(to);
                    return;
                }
            }
            case OTHER -> {}
        }
        value(to, object.types[field], object.shapes[field]);
    }

    private void value(ColumnBuilder to, DataType type, ObjectShape object) {
        int b = in.peek();
        switch (b) {
            case '"' -> quoted(to, type);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(to, type, b);
            case '{' -> {
                if (type.kind() == TypeKind.ROW) {
                    object(object, to);
                    to.endStruct();
                } else if (type.kind() == TypeKind.MAP) {
                    map(to, type, object);
                } else {
                    nestedText(to, type, "an object");
                }
            }
            case '[' -> {
                if (type.kind() == TypeKind.ARRAY) {
                    array(to, type, object);
                } else {
                    nestedText(to, type, "an array");
                }
            }
            default -> literal(to, type, b);
        }
    }

    private void literal(ColumnBuilder to, DataType type, int b) {
        in.literal();
        if (b == 'n') {
            if (!type.nullable()) {
                throw new Malformed("expected " + type + ", found null");
            }
            to.appendNull();
        } else if (type.kind() == TypeKind.BOOLEAN) {
            to.appendLong(b == 't' ? 1 : 0);
        } else if (type.kind() == TypeKind.VARCHAR) {
            to.appendBytes(in.textAddress, in.textLength);
        } else {
            throw mismatch(type);
        }
    }

    private Malformed mismatch(DataType type) {
        int shown = Math.min(SHOWN_BYTES, in.textLength);
        byte[] bytes = new byte[shown];
        Mem.copyOut(in.textAddress, bytes, 0, shown);
        String text = new String(bytes, StandardCharsets.UTF_8) + (shown < in.textLength ? "…" : "");
        return new Malformed("expected " + type.withNullable(true) + ", found " + text);
    }

    private void nestedText(ColumnBuilder to, DataType type, String found) {
        long start = in.at;
        in.skipValue();
        if (type.kind() != TypeKind.VARCHAR) {
            throw new Malformed("expected " + type.withNullable(true) + ", found " + found);
        }
        to.appendBytes(start, (int) (in.at - start));
    }

    private void quoted(ColumnBuilder to, DataType type) {
        in.string();
        if (type.kind() == TypeKind.VARCHAR) {
            text(to);
            return;
        }
        long address = in.textAddress;
        int length = in.textLength;
        if (in.textEscaped) {
            address = scratch(length);
            length = in.unescape(address);
        }
        if (type.kind() == TypeKind.BINARY) {
            base64(to, type, address, length);
        } else if (!type.children().isEmpty() || !values.append(to, type, address, length)) {
            throw mismatch(type);
        }
    }

    /** Appends the string scanned last. */
    private void text(ColumnBuilder to) {
        if (in.textEscaped) {
            long at = to.allocateData(in.textLength);
            to.appendReserved(at, in.unescape(at));
        } else {
            to.appendBytes(in.textAddress, in.textLength);
        }
    }

    private long scratch(int lengthBytes) {
        if (scratch == null || scratch.capacityBytes() < lengthBytes + 64L) {
            if (scratch != null) {
                scratch.release();
                scratch = null;
            }
            scratch = allocator.allocate(MemoryTag.READ, Math.max(256, lengthBytes + 64L));
        }
        return scratch.address();
    }

    private void base64(ColumnBuilder to, DataType type, long address, int length) {
        byte[] text = new byte[length];
        Mem.copyOut(address, text, 0, length);
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw mismatch(type);
        }
        to.appendBytes(bytes);
    }

    private void number(ColumnBuilder to, DataType type, int first) {
        if (type.kind().isInteger() && integer(to, type.layout(), first)) {
            return;
        }
        in.number();
        boolean appended =
                switch (type.kind()) {
                    case TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL ->
                            values.append(to, type, in.textAddress, in.textLength);
                    case VARCHAR -> {
                        to.appendBytes(in.textAddress, in.textLength);
                        yield true;
                    }
                    default -> false;
                };
        if (!appended) {
            throw mismatch(type);
        }
    }

    /** The common case: at most 16 digits and nothing else. Moves only when it is. */
    private boolean integer(ColumnBuilder to, Layout layout, int first) {
        long from = first == '-' ? in.at + 1 : in.at;
        long left = in.end() - from;
        long word = Mem.getLong(from);
        int digits = (int) Math.min(left, EightDigits.count(word));
        if (digits <= 0) {
            return false;
        }
        long value = EightDigits.value(word, digits);
        long p = from + digits;
        if (digits == 8) {
            word = Mem.getLong(p);
            digits = (int) Math.min(left - 8, EightDigits.count(word));
            if (digits > 0) {
                value = value * EightDigits.power(digits) + EightDigits.value(word, digits);
                p += digits;
            }
        }
        int next = p < in.end() ? Mem.getByte(p) : 0;
        boolean more = next >= '0' && next <= '9' || next == '.' || (next | 0x20) == 'e';
        if (more || p - from > 1 && Mem.getByte(from) == '0') {
            return false;
        }
        value = first == '-' ? -value : value;
        if (!ValueReader.fits(layout, value)) {
            return false;
        }
        in.at = p;
        to.appendLong(value);
        return true;
    }

    private void array(ColumnBuilder to, DataType type, ObjectShape object) {
        ColumnBuilder elements = to.child(0);
        in.at++;
        if (in.peek() == ']') {
            in.at++;
        } else {
            do {
                value(elements, type.elementType(), object);
            } while (in.another(']'));
        }
        to.endList();
    }

    private void map(ColumnBuilder to, DataType type, ObjectShape object) {
        ColumnBuilder entries = to.child(0);
        DataType keyType = type.elementType().children().get(0).type();
        DataType valueType = type.elementType().children().get(1).type();
        in.at++;
        if (in.peek() == '}') {
            in.at++;
        } else {
            do {
                if (in.peek() != '"') {
                    throw in.malformed("a key");
                }
                quoted(entries.child(0), keyType);
                in.expect(':');
                value(entries.child(1), valueType, object);
                entries.endStruct();
            } while (in.another('}'));
        }
        to.endList();
    }

    @Override
    public void close() {
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
