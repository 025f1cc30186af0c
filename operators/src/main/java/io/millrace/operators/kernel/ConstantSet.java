package io.millrace.operators.kernel;

import io.millrace.memory.hash.Hashing;
import io.millrace.operators.function.Text;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.agrona.collections.LongHashSet;

/** The constants of an IN list: integers, or strings by their bytes. Immutable once made, any thread. */
public final class ConstantSet {
    private final LongHashSet numbers;
    private final byte[][] texts;
    private final int mask;

    private ConstantSet(LongHashSet numbers, byte[][] texts) {
        this.numbers = numbers;
        this.texts = texts;
        this.mask = texts.length - 1;
    }

    public static ConstantSet ofNumbers(long[] values) {
        LongHashSet numbers = new LongHashSet(Math.max(8, values.length * 2));
        for (long value : values) {
            numbers.add(value);
        }
        return new ConstantSet(numbers, new byte[1][]);
    }

    public static ConstantSet ofTexts(Collection<String> values) {
        byte[][] slots = new byte[Integer.highestOneBit(Math.max(1, values.size())) * 4][];
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            int at = (int) hash(bytes) & slots.length - 1;
            while (slots[at] != null) {
                at = at + 1 & slots.length - 1;
            }
            slots[at] = bytes;
        }
        return new ConstantSet(new LongHashSet(), slots);
    }

    /** Cheap and the same for bytes on heap and off: length, first and last byte. */
    private static long hash(byte[] bytes) {
        int n = bytes.length;
        return n == 0 ? 0 : Hashing.hashLong(n * 65_536L + (bytes[0] & 0xff) * 256L + (bytes[n - 1] & 0xff));
    }

    private static long hash(Text text) {
        int n = text.length();
        return n == 0
                ? 0
                : Hashing.hashLong(n * 65_536L + (text.byteAt(0) & 0xff) * 256L + (text.byteAt(n - 1) & 0xff));
    }

    public boolean contains(long value) {
        return numbers.contains(value);
    }

    public boolean contains(Text value) {
        int at = (int) hash(value) & mask;
        while (texts[at] != null) {
            if (value.sameAs(texts[at])) {
                return true;
            }
            at = at + 1 & mask;
        }
        return false;
    }
}
