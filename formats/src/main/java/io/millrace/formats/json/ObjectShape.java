package io.millrace.formats.json;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fields wanted of an object, and the order in which keys came the last time. One thread. */
final class ObjectShape {
    private static final int MAX_GUESSES = 256;
    private static final int MAX_GUESS_BYTES = 255;
    static final int UNKNOWN = -1;

    final String[] names;
    final DataType[] types;

    /** Shapes of the fields that hold objects, at any depth of arrays; null for others. */
    final ObjectShape[] shapes;

    private final Map<String, Integer> byName = new HashMap<>();
    private long[][] guesses = new long[16][];
    private int[] guessBytes = new int[16];
    private int[] guessFields = new int[16];
    private int guessCount;

    ObjectShape(List<Field> fields) {
        int count = fields.size();
        names = new String[count];
        types = new DataType[count];
        shapes = new ObjectShape[count];
        for (int i = 0; i < count; i++) {
            names[i] = fields.get(i).name();
            types[i] = fields.get(i).type();
            shapes[i] = within(types[i]);
            byName.put(names[i], i);
        }
    }

    /** The shape of the object that a type holds, itself or as an element; null when there is none. */
    private static ObjectShape within(DataType type) {
        return switch (type.kind()) {
            case ROW -> new ObjectShape(type.children());
            case ARRAY -> within(type.elementType());
            case MAP -> within(type.elementType().children().get(1).type());
            default -> null;
        };
    }

    int size() {
        return names.length;
    }

    /**
     * Moves over the key that is next, its opening quote already seen to be there, and its closing quote.
     *
     * @param position how many keys of the object came before
     * @return index of the field, or {@link #UNKNOWN}
     */
    int key(int position, JsonScanner in) {
        if (position < guessCount) {
            long[] words = guesses[position];
            long from = in.at + 1;
            int length = guessBytes[position];
            if (words != null && in.end() - from >= length) {
                int last = words.length - 1;
                boolean same = true;
                for (int i = 0; i < last; i++) {
                    same &= Mem.getLong(from + 8L * i) == words[i];
                }
                long rest = Mem.getLong(from + 8L * last);
                int bits = 64 - 8 * (length - 8 * last);
                if (same && rest << bits == words[last]) {
                    in.at = from + length;
                    return guessFields[position];
                }
            }
        }
        return lookUp(position, in);
    }

    private int lookUp(int position, JsonScanner in) {
        long from = in.at + 1;
        in.string();
        byte[] bytes = new byte[in.textLength];
        Mem.copyOut(in.textAddress, bytes, 0, bytes.length);
        if (in.textEscaped) {
            // Rare: unescaped in place of a copy that ends with the call.
            return byName.getOrDefault(unescaped(in), UNKNOWN);
        }
        int field = byName.getOrDefault(new String(bytes, StandardCharsets.UTF_8), UNKNOWN);
        if (position < MAX_GUESSES && bytes.length <= MAX_GUESS_BYTES) {
            learn(position, from, bytes.length + 1, field);
        }
        return field;
    }

    private static String unescaped(JsonScanner in) {
        byte[] bytes = new byte[in.textLength];
        Mem.copyOut(in.textAddress, bytes, 0, bytes.length);
        return JsonText.unescape(bytes);
    }

    /** Remembers a key with its closing quote; the last word is shifted up, so that what follows it does not count. */
    private void learn(int position, long from, int length, int field) {
        if (position >= guesses.length) {
            int grown = Math.max(position + 1, guesses.length * 2);
            guesses = java.util.Arrays.copyOf(guesses, grown);
            guessBytes = java.util.Arrays.copyOf(guessBytes, grown);
            guessFields = java.util.Arrays.copyOf(guessFields, grown);
        }
        long[] words = new long[(length + 7) / 8];
        int last = words.length - 1;
        for (int i = 0; i < last; i++) {
            words[i] = Mem.getLong(from + 8L * i);
        }
        words[last] = Mem.getLong(from + 8L * last) << 64 - 8 * (length - 8 * last);
        guesses[position] = words;
        guessBytes[position] = length;
        guessFields[position] = field;
        guessCount = Math.max(guessCount, position + 1);
    }
}
