package io.millrace.state.checkpoint;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What an operator's state is of, so that an edited script finds it again. State of the same {@link #text} is the same.
 * State of the same {@link #family}, {@link #how} and {@link #place} can be made of the other, part by part.
 *
 * @param text all of it, in words
 * @param family of which rows it is, without what may be edited; empty when that is not known
 * @param keys by which it is kept, in their order
 * @param values what is kept, in its order
 * @param how it is kept, in words
 * @param place where that which it is of lies, as the path of a table; empty when that is not known or does not count
 */
public record StateMeaning(String text, String family, List<Part> keys, List<Part> values, String how, String place) {
    /** Names of types as {@link io.millrace.memory.types.DataType} writes them, behind a colon. */
    private static final Pattern TYPES =
            Pattern.compile(
                    ":(?:BOOLEAN|TINYINT|SMALLINT|INT|BIGINT|FLOAT|DOUBLE|DATE|TIMESTAMP_LTZ|TIMESTAMP|TIME|DECIMAL"
                            + "|VARCHAR|VARBINARY|STRING|BYTES)(?:\\([0-9, ]+\\))?(?: NOT NULL)?(?![A-Z_])");

    /**
     * A key or a value.
     *
     * @param what in words, types left out
     * @param types of the result, then of what it is made of
     */
    public record Part(String what, List<String> types) {
        public Part {
            types = List.copyOf(types);
        }
    }

    public StateMeaning {
        keys = List.copyOf(keys);
        values = List.copyOf(values);
    }

    /** A meaning of which nothing but the words is known, or that cannot be edited. */
    public static StateMeaning of(String text) {
        return new StateMeaning(text, "", List.of(), List.of(), "", "");
    }

    /** Words without the names of types, so that a wider type says the same. */
    public static String untyped(String words) {
        return TYPES.matcher(words).replaceAll("");
    }

    /** Whether nothing need be changed in state of the other to make it this one's. */
    public boolean isSame(StateMeaning other) {
        if (!text.equals(other.text)) {
            return false;
        }
        boolean known = !family.isEmpty() && !other.family.isEmpty();
        return !known
                || family.equals(other.family)
                        && keys.equals(other.keys)
                        && values.equals(other.values)
                        && how.equals(other.how)
                        && place.equals(other.place);
    }
}
