package io.millrace.engine.text;

import io.millrace.memory.buffer.Mem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** UTF-8 text that grows: what rows are written to on their way to a client, without a string a value. One thread. */
public final class TextBuffer {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MIN_LONG = Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int size;

    public TextBuffer(int capacityBytes) {
        bytes = new byte[Math.max(16, capacityBytes)];
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    public byte byteAt(int index) {
        return bytes[index];
    }

    private void ensure(int moreBytes) {
        if (bytes.length - size < moreBytes) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, moreBytes)));
        }
    }

    /** Appends one ASCII character. */
    public TextBuffer put(char ascii) {
        ensure(1);
        bytes[size] = (byte) ascii;
        size++;
        return this;
    }

    /** Appends any text. */
    public TextBuffer put(String text) {
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return putBytes(text.substring(i).getBytes(StandardCharsets.UTF_8));
            }
            bytes[size] = (byte) c;
            size++;
        }
        return this;
    }

    private TextBuffer putBytes(byte[] encoded) {
        ensure(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
        return this;
    }

    /** Appends UTF-8 bytes that lie off-heap. */
    public TextBuffer putUtf8(long address, int lengthBytes) {
        ensure(lengthBytes);
        Mem.copyOut(address, bytes, size, lengthBytes);
        size += lengthBytes;
        return this;
    }

    /** Appends bytes that lie off-heap, two hexadecimal digits each. */
    public TextBuffer putHex(long address, int lengthBytes) {
        ensure(Math.multiplyExact(2, lengthBytes));
        for (int i = 0; i < lengthBytes; i++) {
            int b = Mem.getByte(address + i);
            bytes[size] = HEX[b >>> 4 & 15];
            bytes[size + 1] = HEX[b & 15];
            size += 2;
        }
        return this;
    }

    public TextBuffer putLong(long value) {
        ensure(20);
        if (value == Long.MIN_VALUE) {
            return putBytes(MIN_LONG);
        }
        long rest = value;
        if (rest < 0) {
            bytes[size] = '-';
            size++;
            rest = -rest;
        }
        return putDigits(rest, 1);
    }

    /** Appends a number that is not negative with at least this many digits, zeros in front. */
    public TextBuffer putDigits(long value, int minDigits) {
        int digits = 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            digits++;
        }
        int width = Math.max(digits, minDigits);
        ensure(width);
        long rest = value;
        for (int i = size + width - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += width;
        return this;
    }

    /** Appends the text between quotes, as JSON escapes it. */
    public TextBuffer putJsonString(String text) {
        put('"');
        int from = size;
        put(text);
        escapeJson(from);
        return put('"');
    }

    /** Escapes for JSON what was written from this index on. */
    void escapeJson(int from) {
        int extra = 0;
        for (int i = from; i < size; i++) {
            extra += escapedLength(bytes[i]) - 1;
        }
        if (extra == 0) {
            return;
        }
        ensure(extra);
        int to = size + extra;
        for (int i = size - 1; i >= from; i--) {
            int length = escapedLength(bytes[i]);
            byte b = bytes[i];
            to -= length;
            switch (length) {
                case 1 -> bytes[to] = b;
                case 2 -> {
                    bytes[to] = '\\';
                    bytes[to + 1] = shortEscape(b);
                }
                default -> {
                    bytes[to] = '\\';
                    bytes[to + 1] = 'u';
                    bytes[to + 2] = '0';
                    bytes[to + 3] = '0';
                    bytes[to + 4] = HEX[b >>> 4 & 15];
                    bytes[to + 5] = HEX[b & 15];
                }
            }
        }
        size += extra;
    }

    private static int escapedLength(byte b) {
        if (b >= ' ' || b < 0) {
            return b == '"' || b == '\\' ? 2 : 1;
        }
        return shortEscape(b) == 0 ? 6 : 2;
    }

    private static byte shortEscape(byte b) {
        return switch (b) {
            case '"', '\\' -> b;
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            case '\b' -> 'b';
            case '\f' -> 'f';
            default -> 0;
        };
    }

    /** Doubles each quote and puts quotes around what was written from this index on, if CSV asks for it. */
    void quoteCsv(int from) {
        int quotes = 0;
        boolean needed = size == from;
        for (int i = from; i < size; i++) {
            byte b = bytes[i];
            quotes += b == '"' ? 1 : 0;
            needed |= b == '"' || b == ',' || b == '\n' || b == '\r';
        }
        if (!needed) {
            return;
        }
        ensure(quotes + 2);
        int to = size + quotes + 2;
        size = to;
        to--;
        bytes[to] = '"';
        for (int i = to - quotes - 2; i >= from; i--) {
            to--;
            bytes[to] = bytes[i];
            if (bytes[i] == '"') {
                to--;
                bytes[to] = '"';
            }
        }
        bytes[from] = '"';
    }

    /** Forgets what was written after this size. */
    public void truncate(int newSize) {
        size = newSize;
    }

    public void clear() {
        size = 0;
    }

    /** Writes everything and forgets it. */
    public void drainTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
        size = 0;
    }

    /** What was written from this index on. */
    public String substring(int from) {
        return new String(bytes, from, size - from, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return substring(0);
    }
}
