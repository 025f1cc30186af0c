package io.millrace.operators.function;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Functions of strings as UTF-8 bytes. Positions count code points from 1. */
public final class StringFunctions {
    private static final int MAX_LENGTH_BYTES = 1 << 28;

    private StringFunctions() {}

    @SqlFunction(name = "UPPER", signature = "(STRING) -> STRING")
    public static void upper(Text value, Text out) {
        if (value.isAscii()) {
            changeCase(value, out, 'a', 'z');
        } else {
            out.clear().append(value.toString().toUpperCase(Locale.ROOT));
        }
    }

    @SqlFunction(name = "LOWER", signature = "(STRING) -> STRING")
    public static void lower(Text value, Text out) {
        if (value.isAscii()) {
            changeCase(value, out, 'A', 'Z');
        } else {
            out.clear().append(value.toString().toLowerCase(Locale.ROOT));
        }
    }

    private static void changeCase(Text value, Text out, char first, char last) {
        int length = value.length();
        long from = value.address();
        long to = out.clear().reserve(length);
        for (int i = 0; i < length; i++) {
            byte b = Mem.getByte(from + i);
            Mem.putByte(to + i, b >= first && b <= last ? (byte) (b ^ 0x20) : b);
        }
        out.advance(length);
    }

    @SqlFunction(
            name = {"CHAR_LENGTH", "CHARACTER_LENGTH", "LENGTH"},
            signature = "(STRING) -> INT")
    public static long charLength(Text value) {
        return value.characters();
    }

    @SqlFunction(
            name = "OCTET_LENGTH",
            signature = {"(STRING) -> INT", "(BYTES) -> INT"})
    public static long octetLength(Text value) {
        return value.length();
    }

    /** From a position on; 0 means 1, a negative one counts from the end. */
    @SqlFunction(
            name = {"SUBSTRING", "SUBSTR"},
            signature = "(STRING, INT) -> STRING")
    public static void substring(Text value, long start, Text out) {
        substring(value, start, Integer.MAX_VALUE, out);
    }

    /** So many characters from a position on; 0 means 1, a negative one counts from the end. */
    @SqlFunction(
            name = {"SUBSTRING", "SUBSTR"},
            signature = "(STRING, INT, INT) -> STRING")
    public static void substring(Text value, long start, long length, Text out) {
        if (length < 0) {
            throw new MillraceException(ErrorCode.DATA_EXCEPTION, "negative length in SUBSTRING: length=" + length);
        }
        boolean ascii = value.isAscii();
        int characters = ascii ? value.length() : value.characters();
        long from = start > 0 ? start - 1 : start == 0 ? 0 : characters + start;
        if (from < 0 || from >= characters) {
            out.set(value.address(), 0);
            return;
        }
        long to = Math.min(characters, from + length);
        if (ascii) {
            out.slice(value, (int) from, (int) (to - from));
        } else {
            int first = value.byteIndexOf((int) from);
            out.slice(value, first, value.byteIndexOf((int) to) - first);
        }
    }

    @SqlFunction(name = "LEFT", signature = "(STRING, INT) -> STRING")
    public static void left(Text value, long length, Text out) {
        out.slice(value, 0, length <= 0 ? 0 : value.byteIndexOf((int) length));
    }

    @SqlFunction(name = "RIGHT", signature = "(STRING, INT) -> STRING")
    public static void right(Text value, long length, Text out) {
        int characters = value.characters();
        int from = length <= 0 ? value.length() : value.byteIndexOf((int) Math.max(0, characters - length));
        out.slice(value, from, value.length() - from);
    }

    /** Without spaces at both ends. */
    @SqlFunction(
            name = {"BTRIM", "TRIM"},
            signature = "(STRING) -> STRING")
    public static void trim(Text value, Text out) {
        trimSpaces(value, true, true, out);
    }

    @SqlFunction(name = "LTRIM", signature = "(STRING) -> STRING")
    public static void ltrim(Text value, Text out) {
        trimSpaces(value, true, false, out);
    }

    @SqlFunction(name = "RTRIM", signature = "(STRING) -> STRING")
    public static void rtrim(Text value, Text out) {
        trimSpaces(value, false, true, out);
    }

    private static void trimSpaces(Text value, boolean leading, boolean trailing, Text out) {
        int from = 0;
        int to = value.length();
        while (leading && from < to && value.byteAt(from) == ' ') {
            from++;
        }
        while (trailing && to > from && value.byteAt(to - 1) == ' ') {
            to--;
        }
        out.slice(value, from, to - from);
    }

    /** Without any of the given characters at both ends. */
    @SqlFunction(
            name = {"BTRIM", "TRIM"},
            signature = "(STRING, STRING) -> STRING")
    public static void trim(Text value, Text characters, Text out) {
        trimSet(value, characters, true, true, out);
    }

    @SqlFunction(name = "LTRIM", signature = "(STRING, STRING) -> STRING")
    public static void ltrim(Text value, Text characters, Text out) {
        trimSet(value, characters, true, false, out);
    }

    @SqlFunction(name = "RTRIM", signature = "(STRING, STRING) -> STRING")
    public static void rtrim(Text value, Text characters, Text out) {
        trimSet(value, characters, false, true, out);
    }

    private static void trimSet(Text value, Text set, boolean leading, boolean trailing, Text out) {
        int from = 0;
        int to = value.length();
        while (leading && from < to) {
            int width = Utf8.widthAt(value, from);
            if (!Utf8.contains(set, value, from, width)) {
                break;
            }
            from += width;
        }
        while (trailing && to > from) {
            int first = Utf8.startBefore(value, to);
            if (!Utf8.contains(set, value, first, to - first)) {
                break;
            }
            to = first;
        }
        out.slice(value, from, to - from);
    }

    @SqlFunction(
            name = {"CONCAT", "||"},
            signature = {"(STRING...) -> STRING", "(BYTES...) -> BYTES"})
    public static void concat(Text[] values, Text out) {
        out.clear();
        for (Text value : values) {
            out.append(value);
        }
    }

    /** The separator, then the values; NULL values are left out, a NULL separator gives NULL. */
    @SqlFunction(name = "CONCAT_WS", signature = "(STRING...) -> STRING", nulls = NullBehaviour.CALLED)
    public static void concatWithSeparator(Text[] values, Text out) {
        if (values[0].isNull()) {
            out.setNull();
            return;
        }
        out.clear();
        boolean first = true;
        for (int i = 1; i < values.length; i++) {
            if (!values[i].isNull()) {
                if (!first) {
                    out.append(values[0]);
                }
                out.append(values[i]);
                first = false;
            }
        }
    }

    /** Every occurrence of the second replaced by the third; an empty second changes nothing. */
    @SqlFunction(name = "REPLACE", signature = "(STRING, STRING, STRING) -> STRING")
    public static void replace(Text value, Text sought, Text replacement, Text out) {
        int at = sought.length() == 0 ? -1 : value.indexOf(sought, 0);
        if (at < 0) {
            out.slice(value, 0, value.length());
            return;
        }
        out.clear();
        int from = 0;
        while (at >= 0) {
            out.append(value.address() + from, at - from).append(replacement);
            from = at + sought.length();
            at = value.indexOf(sought, from);
        }
        out.append(value.address() + from, value.length() - from);
    }

    /** Position of the first in the second, 0 when it is not there. */
    @SqlFunction(name = "POSITION", signature = "(STRING, STRING) -> INT")
    public static long position(Text sought, Text value) {
        int at = value.indexOf(sought, 0);
        return at < 0 ? 0 : Utf8.characters(value, at) + 1L;
    }

    /** Position of the second in the first, 0 when it is not there. */
    @SqlFunction(name = "INSTR", signature = "(STRING, STRING) -> INT")
    public static long instr(Text value, Text sought) {
        return position(sought, value);
    }

    @SqlFunction(
            name = {"STARTSWITH", "STARTS_WITH"},
            signature = {"(STRING, STRING) -> BOOLEAN", "(BYTES, BYTES) -> BOOLEAN"})
    public static boolean startsWith(Text value, Text start) {
        return value.length() >= start.length() && Mem.sameBytes(value.address(), start.address(), start.length());
    }

    @SqlFunction(
            name = {"ENDSWITH", "ENDS_WITH"},
            signature = {"(STRING, STRING) -> BOOLEAN", "(BYTES, BYTES) -> BOOLEAN"})
    public static boolean endsWith(Text value, Text end) {
        int from = value.length() - end.length();
        return from >= 0 && Mem.sameBytes(value.address() + from, end.address(), end.length());
    }

    /**
     * Cut or filled on the left to so many characters; NULL for a negative length or an empty filling that is needed.
     */
    @SqlFunction(name = "LPAD", signature = "(STRING, INT, STRING) -> STRING", nulls = NullBehaviour.NULLABLE)
    public static void lpad(Text value, long length, Text filling, Text out) {
        pad(value, length, filling, true, out);
    }

    @SqlFunction(name = "RPAD", signature = "(STRING, INT, STRING) -> STRING", nulls = NullBehaviour.NULLABLE)
    public static void rpad(Text value, long length, Text filling, Text out) {
        pad(value, length, filling, false, out);
    }

    private static void pad(Text value, long length, Text filling, boolean left, Text out) {
        int characters = value.characters();
        if (length < 0 || length > characters && filling.length() == 0) {
            out.setNull();
            return;
        }
        if (length <= characters) {
            out.slice(value, 0, value.byteIndexOf((int) length));
            return;
        }
        checkLength("PAD", length);
        out.clear();
        if (!left) {
            out.append(value);
        }
        int fillingCharacters = filling.characters();
        long wanted = length - characters;
        for (; wanted >= fillingCharacters; wanted -= fillingCharacters) {
            out.append(filling);
        }
        out.append(filling.address(), filling.byteIndexOf((int) wanted));
        if (left) {
            out.append(value);
        }
    }

    private static void checkLength(String function, long lengthBytes) {
        if (lengthBytes > MAX_LENGTH_BYTES) {
            throw new MillraceException(
                    ErrorCode.DATA_EXCEPTION,
                    function
                            + " gives too long a string: lengthBytes="
                            + lengthBytes
                            + " limitBytes="
                            + MAX_LENGTH_BYTES);
        }
    }

    @SqlFunction(name = "REPEAT", signature = "(STRING, INT) -> STRING")
    public static void repeat(Text value, long times, Text out) {
        checkLength("REPEAT", Math.max(0, times) * value.length());
        out.clear();
        for (long i = 0; i < times; i++) {
            out.append(value);
        }
    }

    @SqlFunction(name = "REVERSE", signature = "(STRING) -> STRING")
    public static void reverse(Text value, Text out) {
        int length = value.length();
        long to = out.clear().reserve(length) + length;
        for (int i = 0; i < length; ) {
            int width = Utf8.widthAt(value, i);
            to -= width;
            Mem.copyShort(value.address() + i, to, width);
            i += width;
        }
        out.advance(length);
    }

    /** The part at an index from 0 between separators; NULL when there is none. */
    @SqlFunction(name = "SPLIT_INDEX", signature = "(STRING, STRING, INT) -> STRING", nulls = NullBehaviour.NULLABLE)
    public static void splitIndex(Text value, Text separator, long index, Text out) {
        if (index < 0 || separator.length() == 0) {
            out.setNull();
            return;
        }
        int from = 0;
        for (long i = 0; ; i++) {
            int at = value.indexOf(separator, from);
            if (i == index) {
                out.slice(value, from, (at < 0 ? value.length() : at) - from);
                return;
            }
            if (at < 0) {
                out.setNull();
                return;
            }
            from = at + separator.length();
        }
    }

    /** Bytes as lower-case hexadecimal digits of their hash. */
    @SqlFunction(name = "MD5", signature = "(STRING) -> STRING")
    public static void md5(Text value, MessageHash.Md5 hash, Text out) {
        hash.append(value, out);
    }

    @SqlFunction(name = "SHA1", signature = "(STRING) -> STRING")
    public static void sha1(Text value, MessageHash.Sha1 hash, Text out) {
        hash.append(value, out);
    }

    @SqlFunction(name = "SHA256", signature = "(STRING) -> STRING")
    public static void sha256(Text value, MessageHash.Sha256 hash, Text out) {
        hash.append(value, out);
    }

    /** The code of the first byte, 0 for an empty string. */
    @SqlFunction(name = "ASCII", signature = "(STRING) -> INT")
    public static long ascii(Text value) {
        return value.length() == 0 ? 0 : value.byteAt(0);
    }

    /** The character of a code modulo 256; NULL for a negative one. */
    @SqlFunction(name = "CHR", signature = "(INT) -> STRING", nulls = NullBehaviour.NULLABLE)
    public static void chr(long code, Text out) {
        if (code < 0) {
            out.setNull();
        } else {
            out.clear().append(String.valueOf((char) (code % 256)).getBytes(StandardCharsets.UTF_8));
        }
    }
}
