package io.millrace.formats.json;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.TypeKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    /** How each field is mostly written, and so what is tried first. */
    final Usual[] usual;

    private final Map<String, Integer> byName = new HashMap<>();
    private Guess[] guesses = new Guess[16];

    /** What a field's values mostly are. */
    enum Usual {
        /** Digits, of an integer. */
        DIGITS,
        /** A quoted text that stays one. */
        TEXT,
        /** Anything else. */
        OTHER
    }

    /**
     * The key that stood at a position the last time, from behind its opening quote to its closing quote, or to the
     * colon when that follows at once. Compared as its first and its last eight bytes, which are the same word, shifted
     * up, when it is shorter, and the words between.
     */
    private record Guess(int length, int shift, long head, long tail, long[] between, boolean colon, int field) {
        static Guess of(long from, int length, boolean colon, int field) {
            int shift = length < 8 ? 64 - 8 * length : 0;
            long[] between = length <= 16 ? null : new long[(length - 9) / 8];
            for (int i = 0; between != null && i < between.length; i++) {
                between[i] = Mem.getLong(from + 8L * (i + 1));
            }
            long tail = Mem.getLong(from + Math.max(0, length - 8)) << shift;
            return new Guess(length, shift, Mem.getLong(from) << shift, tail, between, colon, field);
        }

        boolean isAt(long from, long end) {
            return end - from >= length
                    && Mem.getLong(from) << shift == head
                    && Mem.getLong(from + Math.max(0, length - 8)) << shift == tail
                    && (between == null || isBetween(from));
        }

        private boolean isBetween(long from) {
            for (int i = 0; i < between.length; i++) {
                if (Mem.getLong(from + 8L * (i + 1)) != between[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    ObjectShape(List<Field> fields) {
        int count = fields.size();
        names = new String[count];
        types = new DataType[count];
        shapes = new ObjectShape[count];
        usual = new Usual[count];
        for (int i = 0; i < count; i++) {
            names[i] = fields.get(i).name();
            types[i] = fields.get(i).type();
            shapes[i] = within(types[i]);
            usual[i] = usual(types[i].kind());
            byName.put(names[i], i);
        }
    }

    private static Usual usual(TypeKind kind) {
        return kind.isInteger() ? Usual.DIGITS : kind == TypeKind.VARCHAR ? Usual.TEXT : Usual.OTHER;
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
     * Moves over the key that is next, its opening quote already seen to be there, and its colon.
     *
     * @param position how many keys of the object came before
     * @return index of the field, or {@link #UNKNOWN}
     */
    int key(int position, JsonScanner in) {
        Guess guess = position < guesses.length ? guesses[position] : null;
        long from = in.at + 1;
        if (guess == null || !guess.isAt(from, in.end())) {
            return lookUp(position, in);
        }
        in.at = from + guess.length();
        if (!guess.colon()) {
            in.expect(':');
        }
        return guess.field();
    }

    private int lookUp(int position, JsonScanner in) {
        long from = in.at + 1;
        in.string();
        boolean colon = in.at < in.end() && Mem.getByte(in.at) == ':';
        byte[] bytes = new byte[in.textLength];
        Mem.copyOut(in.textAddress, bytes, 0, bytes.length);
        boolean escaped = in.textEscaped;
        in.expect(':');
        if (escaped) {
            return byName.getOrDefault(JsonText.unescape(bytes), UNKNOWN);
        }
        int field = byName.getOrDefault(new String(bytes, StandardCharsets.UTF_8), UNKNOWN);
        if (position < MAX_GUESSES && bytes.length <= MAX_GUESS_BYTES) {
            if (position >= guesses.length) {
                guesses = Arrays.copyOf(guesses, Math.max(position + 1, guesses.length * 2));
            }
            guesses[position] = Guess.of(from, bytes.length + (colon ? 2 : 1), colon, field);
        }
        return field;
    }
}
