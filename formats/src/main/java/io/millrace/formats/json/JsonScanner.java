package io.millrace.formats.json;

import io.millrace.formats.text.Utf8;
import io.millrace.memory.buffer.Mem;

/**
 * Moves over JSON text in off-heap bytes and checks its grammar. Reads, never uses, up to {@link
 * PlainText#READ_AHEAD_BYTES} past the end. One thread; fails with {@link Malformed}.
 */
final class JsonScanner {
    private static final int MAX_DEPTH = 256;
    private static final short COMMA_AND_QUOTE = ',' | '"' << 8;

    private long start;
    private long end;
    long at;

    /** First byte of the string scanned last, behind its quote. */
    long textAddress;

    /** Its bytes as they stand, escapes included. */
    int textLength;

    boolean textEscaped;

    void start(long address, int lengthBytes) {
        start = address;
        at = address;
        end = address + lengthBytes;
    }

    long end() {
        return end;
    }

    Malformed malformed(String expected) {
        String found = at >= end ? "the end" : "'" + (char) (Mem.getByte(at) & 0xff) + "'";
        return new Malformed("not JSON: expected " + expected + " at byte " + (at - start) + ", found " + found);
    }

    /** The next byte that is no white space, without moving past it; 0 at the end. */
    int peek() {
        int b = at < end ? Mem.getByte(at) : 0;
        return b > ' ' || b < 0 ? b : skipSpace();
    }

    private int skipSpace() {
        while (at < end) {
            int b = Mem.getByte(at);
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b;
            }
            at++;
        }
        return 0;
    }

    void expect(int wanted) {
        if (peek() != wanted) {
            throw malformed("'" + (char) wanted + "'");
        }
        at++;
    }

    /** Moves over a string, whose opening quote is the next byte. */
    void string() {
        long p = at + 1;
        textAddress = p;
        textEscaped = false;
        boolean ascii = true;
        while (true) {
            long plain = PlainText.BEST.length(p, end);
            ascii &= plain >= 0;
            p += plain >= 0 ? plain : ~plain;
            if (p >= end) {
                throw unterminated();
            }
            int b = Mem.getByte(p);
            if (b == '"') {
                break;
            }
            at = p;
            if (b != '\\') {
                throw malformed("no control character in a string");
            }
            p = escape(p);
            textEscaped = true;
        }
        textLength = (int) (p - textAddress);
        at = p + 1;
        if (!ascii) {
            checkUtf8();
        }
    }

    private Malformed unterminated() {
        at = end;
        return malformed("the end of a string");
    }

    /** Where the escape that begins here ends. */
    private long escape(long p) {
        if (p + 1 >= end) {
            throw unterminated();
        }
        switch (Mem.getByte(p + 1)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return p + 2;
            }
            case 'u' -> {
                if (p + 6 > end) {
                    throw unterminated();
                }
                for (int i = 2; i < 6; i++) {
                    if (Character.digit(Mem.getByte(p + i), 16) < 0) {
                        throw malformed("four hexadecimal digits after \\u");
                    }
                }
                return p + 6;
            }
            default -> throw malformed("an escape");
        }
    }

    private void checkUtf8() {
        int bad = Utf8.firstBad(textAddress, textLength);
        if (bad >= 0) {
            at = textAddress + bad;
            throw malformed("UTF-8");
        }
    }

    /** Writes the string scanned last without its escapes; never longer than it was. Returns the length. */
    int unescape(long to) {
        long p = textAddress;
        long stop = p + textLength;
        long out = to;
        while (p < stop) {
            byte b = Mem.getByte(p++);
            if (b != '\\') {
                Mem.putByte(out++, b);
                continue;
            }
            byte kind = Mem.getByte(p++);
            if (kind != 'u') {
                Mem.putByte(out++, plain(kind));
                continue;
            }
            int unit = hex4(p);
            p += 4;
            if (unit >= 0xd800 && unit <= 0xdfff) {
                boolean pair = unit <= 0xdbff && stop - p >= 6 && Mem.getByte(p) == '\\' && Mem.getByte(p + 1) == 'u';
                int low = pair ? hex4(p + 2) : 0;
                if (low < 0xdc00 || low > 0xdfff) {
                    throw new Malformed("not JSON: half of a surrogate pair in a string");
                }
                p += 6;
                unit = Character.toCodePoint((char) unit, (char) low);
            }
            out = putUtf8(out, unit);
        }
        return (int) (out - to);
    }

    private static byte plain(byte kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind;
        };
    }

    private static int hex4(long p) {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            unit = unit << 4 | Character.digit(Mem.getByte(p + i), 16);
        }
        return unit;
    }

    private static long putUtf8(long out, int point) {
        if (point < 0x80) {
            Mem.putByte(out, (byte) point);
            return out + 1;
        }
        if (point < 0x800) {
            Mem.putByte(out, (byte) (0xc0 | point >> 6));
            Mem.putByte(out + 1, (byte) (0x80 | point & 0x3f));
            return out + 2;
        }
        if (point < 0x10000) {
            Mem.putByte(out, (byte) (0xe0 | point >> 12));
            Mem.putByte(out + 1, (byte) (0x80 | point >> 6 & 0x3f));
            Mem.putByte(out + 2, (byte) (0x80 | point & 0x3f));
            return out + 3;
        }
        Mem.putByte(out, (byte) (0xf0 | point >> 18));
        Mem.putByte(out + 1, (byte) (0x80 | point >> 12 & 0x3f));
        Mem.putByte(out + 2, (byte) (0x80 | point >> 6 & 0x3f));
        Mem.putByte(out + 3, (byte) (0x80 | point & 0x3f));
        return out + 4;
    }

    /** Moves over a number, whose first byte is the next; it lies from {@code textAddress} on. */
    void number() {
        long p = at;
        if (byteAt(p) == '-') {
            p++;
        }
        int first = byteAt(p);
        p = digits(p);
        if (first == '0' && p - at > (byteAt(at) == '-' ? 2 : 1)) {
            throw malformed("a number without leading zeros");
        }
        if (byteAt(p) == '.') {
            p = digits(p + 1);
        }
        int e = byteAt(p);
        if (e == 'e' || e == 'E') {
            int sign = byteAt(p + 1);
            p = digits(sign == '+' || sign == '-' ? p + 2 : p + 1);
        }
        textAddress = at;
        textLength = (int) (p - at);
        at = p;
    }

    private int byteAt(long p) {
        return p < end ? Mem.getByte(p) : 0;
    }

    /** Behind at least one digit. */
    private long digits(long p) {
        long q = p;
        while (q < end && Mem.getByte(q) >= '0' && Mem.getByte(q) <= '9') {
            q++;
        }
        if (q == p) {
            at = Math.min(p, end);
            throw malformed("a digit");
        }
        return q;
    }

    /** Moves over {@code true}, {@code false} or {@code null}; it lies from {@code textAddress} on. */
    void literal() {
        textAddress = at;
        int length = matches(0x65757274, 4) || matches(0x6c6c756e, 4) ? 4 : 0; // true, null
        if (length == 0 && matches(0x736c6166, 5) && Mem.getByte(at + 4) == 'e') { // fals
            length = 5;
        }
        if (length == 0) {
            throw malformed("a value");
        }
        textLength = length;
        at += length;
    }

    private boolean matches(int head, int length) {
        return end - at >= length && Mem.getInt(at) == head;
    }

    /** Moves over any value, all of it checked. */
    void skipValue() {
        skipValue(0);
    }

    private void skipValue(int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed("at most " + MAX_DEPTH + " nested values");
        }
        switch (peek()) {
            case '"' -> string();
            case '{' -> skipObject(depth);
            case '[' -> skipArray(depth);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> literal();
        }
    }

    private void skipObject(int depth) {
        at++;
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            if (peek() != '"') {
                throw malformed("a key");
            }
            string();
            expect(':');
            skipValue(depth + 1);
            if (!another('}')) {
                return;
            }
        }
    }

    private void skipArray(int depth) {
        at++;
        if (peek() == ']') {
            at++;
            return;
        }
        do {
            skipValue(depth + 1);
        } while (another(']'));
    }

    /** Behind a member of an object: true before the next key's quote, false after the closing brace. */
    boolean anotherKey() {
        if (end - at > 1 && Mem.getShort(at) == COMMA_AND_QUOTE) {
            at++;
            return true;
        }
        return another('}') && atKey();
    }

    /** Whether a key is next; fails when it is not. */
    boolean atKey() {
        if (peek() != '"') {
            throw malformed("a key");
        }
        return true;
    }

    /** Behind a member: true after a comma, false after the closing byte. */
    boolean another(int closing) {
        int b = peek();
        if (b == ',') {
            at++;
            return true;
        }
        if (b != closing) {
            throw malformed("',' or '" + (char) closing + "'");
        }
        at++;
        return false;
    }
}
