package io.millrace.formats.parquet.footer;

import io.millrace.memory.buffer.Mem;
import java.nio.charset.StandardCharsets;

/**
 * Reads Thrift's compact protocol from untrusted off-heap bytes. Nothing it allocates is larger than the bytes it is
 * given; nesting is bounded. A struct is read by {@code for (int id = in.field(0); id != 0; id = in.field(id))}, each
 * field either read or skipped.
 *
 * <p>Source: the Thrift compact protocol specification.
 */
public final class CompactReader {
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int DOUBLE = 7;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    private static final int MAP = 11;
    private static final int STRUCT = 12;
    private static final int UUID = 13;
    private static final int MAX_DEPTH = 32;

    private final long end;
    private final ChunkLocation where;
    private long at;
    private int type;
    private int elementType;

    public CompactReader(long address, long lengthBytes, ChunkLocation where) {
        this.at = address;
        this.end = address + lengthBytes;
        this.where = where;
    }

    /** The bytes end before the structure does. Thrown without a stack: whoever has more bytes tries again. */
    public static final class Underflow extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Underflow() {
            super("the bytes end before the structure does", null, false, false);
        }
    }

    /** Address of the next byte. */
    public long address() {
        return at;
    }

    private int nextByte() {
        if (at >= end) {
            throw new Underflow();
        }
        return Mem.getByte(at++) & 0xff;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = nextByte();
            value |= (b & 0x7fL) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw where.corrupt("expected a number of at most 10 bytes");
    }

    private long zigzag() {
        long n = varint();
        return n >>> 1 ^ -(n & 1);
    }

    /** The next field's id, or 0 at the end of the struct. */
    public int field(int before) {
        int head = nextByte();
        type = head & 15;
        if (type == 0) {
            return 0;
        }
        long id = head >>> 4 != 0 ? before + (head >>> 4) : zigzag();
        if (id <= 0 || id > Short.MAX_VALUE) {
            throw where.corrupt("expected a field id from 1 to 32767, found " + id);
        }
        return (int) id;
    }

    private void expect(int wanted) {
        if (type != wanted) {
            throw where.corrupt("expected a field of Thrift type " + wanted + ", found " + type);
        }
    }

    public boolean readBoolean() {
        if (type != TRUE && type != FALSE) {
            throw where.corrupt("expected a boolean field, found Thrift type " + type);
        }
        return type == TRUE;
    }

    int readByteField() {
        expect(BYTE);
        return (byte) nextByte();
    }

    public int readI32() {
        expect(I32);
        long value = zigzag();
        if (value != (int) value) {
            throw where.corrupt("expected a 32-bit number, found " + value);
        }
        return (int) value;
    }

    long readI64() {
        expect(I64);
        return zigzag();
    }

    byte[] readBinary() {
        expect(BINARY);
        byte[] bytes = new byte[length()];
        Mem.copyOut(at, bytes, 0, bytes.length);
        at += bytes.length;
        return bytes;
    }

    String readString() {
        return new String(readBinary(), StandardCharsets.UTF_8);
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > Integer.MAX_VALUE - 8) {
            throw where.corrupt(
                    "expected a length of at most 2147483639 bytes, found " + Long.toUnsignedString(length));
        }
        if (length > end - at) {
            throw new Underflow();
        }
        return (int) length;
    }

    /** Checks that the field is a struct, whose fields follow. */
    public void beginStruct() {
        expect(STRUCT);
    }

    /** Number of elements of a list; each takes at least one byte, so it is bounded by the bytes there are. */
    int beginList() {
        expect(LIST);
        int head = nextByte();
        elementType = head & 15;
        long count = head >>> 4 == 15 ? varint() : head >>> 4;
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw where.corrupt(
                    "expected a list of at most 2147483647 elements, found " + Long.toUnsignedString(count));
        }
        if (count > end - at) {
            throw new Underflow();
        }
        return (int) count;
    }

    /** Element type of the list begun last; reading an element of a struct list moves it, so keep it. */
    int elementType() {
        return elementType;
    }

    /** Makes the next read one of a list's element. */
    void element(int newElementType) {
        type = newElementType;
        if (type == TRUE || type == FALSE) {
            type = nextByte() == TRUE ? TRUE : FALSE;
        }
    }

    /** Passes over the value of the field or element. */
    public void skip() {
        skip(type, 0);
    }

    private void skip(int skipped, int depth) {
        if (depth > MAX_DEPTH) {
            throw where.corrupt("expected at most " + MAX_DEPTH + " nested structures");
        }
        switch (skipped) {
            case TRUE, FALSE -> {}
            case BYTE -> nextByte();
            case I16, I32, I64 -> varint();
            case DOUBLE -> advance(8);
            case UUID -> advance(16);
            case BINARY -> advance(length());
            case LIST, SET -> {
                type = LIST;
                int count = beginList();
                int of = elementType;
                for (int i = 0; i < count; i++) {
                    skipElement(of, depth + 1);
                }
            }
            case MAP -> skipMap(depth);
            case STRUCT -> {
                for (int id = field(0); id != 0; id = field(id)) {
                    skip(type, depth + 1);
                }
            }
            default -> throw where.corrupt("expected a Thrift type from 1 to 13, found " + skipped);
        }
    }

    private void skipElement(int of, int depth) {
        if (of == TRUE || of == FALSE) {
            nextByte();
        } else {
            skip(of, depth);
        }
    }

    private void skipMap(int depth) {
        long count = varint();
        if (count < 0 || count > end - at) {
            throw new Underflow();
        }
        if (count > 0) {
            int types = nextByte();
            for (long i = 0; i < count; i++) {
                skipElement(types >>> 4, depth + 1);
                skipElement(types & 15, depth + 1);
            }
        }
    }

    private void advance(int bytes) {
        if (bytes > end - at) {
            throw new Underflow();
        }
        at += bytes;
    }
}
