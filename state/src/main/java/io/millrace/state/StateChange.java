package io.millrace.state;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What became of a state's keys and values in an edited script.
 *
 * @param keys for each key the one it was before, counted from 0
 * @param values for each value the one it was before, or -1: it begins with what comes
 * @param isRetyped whether any of those that were there has a wider type now
 */
public record StateChange(List<Integer> keys, List<Integer> values, boolean isRetyped) {
    public StateChange {
        keys = List.copyOf(keys);
        values = List.copyOf(values);
    }

    /** Whether keys are encoded, and so hashed, as they were. */
    boolean keepsKeys() {
        return !isRetyped && IntStream.range(0, keys.size()).allMatch(i -> keys.get(i) == i);
    }
}
