package io.millrace.operators.function;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A LIKE pattern cut at its {@code %}: literal pieces, each sought once from left to right, the first anchored at the
 * beginning and the last at the end. Over bytes; {@code _} takes one code point. Immutable, any thread.
 */
public final class LikePattern {
    /** A byte of a piece that stands for {@code _}; larger than any byte. */
    private static final int ANY_CHARACTER = 256;

    private final int[][] pieces;
    private final byte[][] literals;
    private final boolean anchoredAtStart;
    private final boolean anchoredAtEnd;

    private LikePattern(List<int[]> pieces, boolean anchoredAtStart, boolean anchoredAtEnd) {
        this.pieces = pieces.toArray(int[][]::new);
        this.anchoredAtStart = anchoredAtStart;
        this.anchoredAtEnd = anchoredAtEnd;
        this.literals = new byte[pieces.size()][];
        for (int i = 0; i < literals.length; i++) {
            literals[i] = literalOf(this.pieces[i]);
        }
    }

    private static byte[] literalOf(int[] piece) {
        byte[] bytes = new byte[piece.length];
        for (int i = 0; i < piece.length; i++) {
            if (piece[i] == ANY_CHARACTER) {
                return null;
            }
            bytes[i] = (byte) piece[i];
        }
        return bytes;
    }

    /** Reads a pattern; fails with DATA_EXCEPTION for an escape that is not one character or escapes nothing. */
    static LikePattern parse(Text pattern, Text escape) {
        if (escape != null && escape.characters() != 1) {
            throw new MillraceException(
                    ErrorCode.DATA_EXCEPTION, "expected one ESCAPE character, found '" + escape + "'");
        }
        List<int[]> pieces = new ArrayList<>();
        int[] piece = new int[pattern.length()];
        int length = 0;
        boolean startsOpen = false;
        boolean endsOpen = false;
        for (int i = 0; i < pattern.length(); ) {
            int width = Utf8.widthAt(pattern, i);
            boolean escaped = escape != null && width == escape.length() && Utf8.contains(escape, pattern, i, width);
            if (escaped) {
                i += width;
                if (i >= pattern.length()) {
                    throw new MillraceException(
                            ErrorCode.DATA_EXCEPTION,
                            "expected a character after ESCAPE, found the end of '" + pattern + "'");
                }
                width = Utf8.widthAt(pattern, i);
            }
            byte first = pattern.byteAt(i);
            endsOpen = !escaped && first == '%';
            if (endsOpen) {
                startsOpen |= i == 0;
                if (length > 0) {
                    pieces.add(Arrays.copyOf(piece, length));
                    length = 0;
                }
            } else if (!escaped && first == '_') {
                piece[length++] = ANY_CHARACTER;
            } else {
                for (int k = 0; k < width; k++) {
                    piece[length++] = pattern.byteAt(i + k) & 0xff;
                }
            }
            i += width;
        }
        if (length > 0 || pieces.isEmpty() && !startsOpen) {
            pieces.add(Arrays.copyOf(piece, length));
        }
        return new LikePattern(pieces, !startsOpen, !endsOpen);
    }

    public boolean matches(Text value) {
        int length = value.length();
        if (pieces.length == 0) {
            return true;
        }
        int at = 0;
        int first = 0;
        int last = pieces.length;
        if (anchoredAtStart) {
            at = matchAt(0, value, 0);
            if (at < 0) {
                return false;
            }
            if (last == 1 && anchoredAtEnd) {
                return at == length;
            }
            first = 1;
        }
        int end = anchoredAtEnd ? last - 1 : last;
        for (int i = first; i < end; i++) {
            at = find(i, value, at);
            if (at < 0) {
                return false;
            }
        }
        return !anchoredAtEnd || end < first || endsWith(last - 1, value, at);
    }

    /** The end of the piece when it lies at a byte index, else -1. */
    private int matchAt(int which, Text value, int from) {
        byte[] literal = literals[which];
        if (literal != null) {
            return from + literal.length <= value.length() && same(literal, value.address() + from)
                    ? from + literal.length
                    : -1;
        }
        int at = from;
        for (int wanted : pieces[which]) {
            if (at >= value.length()) {
                return -1;
            }
            if (wanted == ANY_CHARACTER) {
                at += Utf8.widthAt(value, at);
            } else if ((value.byteAt(at) & 0xff) == wanted) {
                at++;
            } else {
                return -1;
            }
        }
        return at;
    }

    private static boolean same(byte[] literal, long address) {
        for (int i = 0; i < literal.length; i++) {
            if (Mem.getByte(address + i) != literal[i]) {
                return false;
            }
        }
        return true;
    }

    /** The end of the first occurrence of a piece, or -1. */
    private int find(int which, Text value, int from) {
        byte[] literal = literals[which];
        if (literal != null) {
            return findLiteral(literal, value, from);
        }
        for (int i = from; i < value.length(); i += Utf8.widthAt(value, i)) {
            int end = matchAt(which, value, i);
            if (end >= 0) {
                return end;
            }
        }
        return -1;
    }

    /** By the first byte, eight bytes at a time: a byte equals it where the difference word has a zero byte. */
    private static int findLiteral(byte[] literal, Text value, int from) {
        int last = value.length() - literal.length;
        long base = value.address();
        byte first = literal[0];
        long spread = (first & 0xffL) * 0x0101010101010101L;
        int i = from;
        for (; i + 8 <= value.length() && i <= last; i += 8) {
            long difference = Mem.getLong(base + i) ^ spread;
            long zeros = (difference - 0x0101010101010101L) & ~difference & 0x8080808080808080L;
            while (zeros != 0) {
                int at = i + (Long.numberOfTrailingZeros(zeros) >> 3);
                if (at <= last && same(literal, base + at)) {
                    return at + literal.length;
                }
                zeros &= zeros - 1;
            }
        }
        for (; i <= last; i++) {
            if (Mem.getByte(base + i) == first && same(literal, base + i)) {
                return i + literal.length;
            }
        }
        return -1;
    }

    /** Whether the piece ends the value and begins at a byte index or later. */
    private boolean endsWith(int which, Text value, int from) {
        byte[] literal = literals[which];
        if (literal != null) {
            int start = value.length() - literal.length;
            return start >= from && same(literal, value.address() + start);
        }
        int start = value.length();
        int[] piece = pieces[which];
        for (int i = piece.length - 1; i >= 0; i--) {
            if (start <= from) {
                return false;
            }
            if (piece[i] == ANY_CHARACTER) {
                start = Utf8.startBefore(value, start);
            } else if ((value.byteAt(--start) & 0xff) != piece[i]) {
                return false;
            }
        }
        return start >= from;
    }

    /** The pattern of one call; compiled anew when it changes. One thread. */
    public static final class Cache {
        private byte[] source;
        private byte[] escapeSource;
        private LikePattern compiled;

        public Cache(CallSite site) {}

        LikePattern of(Text pattern, Text escape) {
            boolean same =
                    source != null
                            && pattern.sameAs(source)
                            && (escape == null || escapeSource != null && escape.sameAs(escapeSource));
            if (!same) {
                compiled = parse(pattern, escape);
                source = pattern.toBytes();
                escapeSource = escape == null ? null : escape.toBytes();
            }
            return compiled;
        }
    }
}
