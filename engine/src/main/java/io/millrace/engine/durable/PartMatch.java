package io.millrace.engine.durable;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.state.checkpoint.StateMeaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which parts of a state are which of another's.
 *
 * @param keys for each key which it was
 * @param values for each value which it was, or -1
 * @param added values that are new, in words
 * @param removed values that are no more
 * @param widened keys and values of a wider type
 */
record PartMatch(
        List<Integer> keys, List<Integer> values, List<String> added, List<String> removed, List<String> widened) {
    private static final List<TypeKind> INTEGERS =
            List.of(TypeKind.TINYINT, TypeKind.SMALLINT, TypeKind.INT, TypeKind.BIGINT);

    /** Null when not all keys are there. */
    static PartMatch of(StateMeaning before, StateMeaning after) {
        List<String> widened = new ArrayList<>();
        List<Integer> keys = find(before.keys(), after.keys(), widened);
        if (before.keys().size() != after.keys().size() || keys.contains(-1)) {
            return null;
        }
        List<Integer> values = find(before.values(), after.values(), widened);
        List<String> added =
                IntStream.range(0, values.size())
                        .filter(i -> values.get(i) < 0)
                        .mapToObj(i -> after.values().get(i).what())
                        .toList();
        List<String> removed =
                IntStream.range(0, before.values().size())
                        .filter(i -> !values.contains(i))
                        .mapToObj(i -> before.values().get(i).what())
                        .toList();
        return new PartMatch(keys, values, added, removed, widened);
    }

    private static List<Integer> find(
            List<StateMeaning.Part> before, List<StateMeaning.Part> after, List<String> widened) {
        List<Integer> found = new ArrayList<>();
        for (StateMeaning.Part part : after) {
            int at = -1;
            for (int i = 0; i < before.size() && at < 0; i++) {
                at = !found.contains(i) && widens(before.get(i), part) ? i : -1;
            }
            found.add(at);
            if (at >= 0 && !before.get(at).types().equals(part.types())) {
                widened.add(part.what());
            }
        }
        return found;
    }

    private static boolean widens(StateMeaning.Part before, StateMeaning.Part after) {
        return before.what().equals(after.what())
                && before.types().size() == after.types().size()
                && IntStream.range(0, after.types().size())
                        .allMatch(i -> widens(before.types().get(i), after.types().get(i)));
    }

    /** Whether each value of a type is one of the other. */
    static boolean widens(String before, String after) {
        if (before.equals(after)) {
            return true;
        }
        DataType narrow;
        DataType wide;
        try {
            narrow = DataType.parse(before);
            wide = DataType.parse(after);
        } catch (IllegalArgumentException nested) {
            return false;
        }
        if (narrow.nullable() && !wide.nullable()) {
            return false;
        }
        if (INTEGERS.contains(narrow.kind()) && INTEGERS.contains(wide.kind())) {
            return INTEGERS.indexOf(narrow.kind()) <= INTEGERS.indexOf(wide.kind());
        }
        if (narrow.kind() == TypeKind.FLOAT && wide.kind() == TypeKind.DOUBLE) {
            return true;
        }
        return switch (narrow.kind()) {
            case DECIMAL, VARCHAR, BINARY ->
                    wide.kind() == narrow.kind()
                            && wide.scale() == narrow.scale()
                            && wide.precision() >= narrow.precision();
            default -> narrow.sameValues(wide);
        };
    }

    /** Whether nothing has to be done but to read what is there. */
    boolean isIdentity() {
        return added.isEmpty()
                && removed.isEmpty()
                && widened.isEmpty()
                && IntStream.range(0, keys.size()).allMatch(i -> keys.get(i) == i)
                && IntStream.range(0, values.size()).allMatch(i -> values.get(i) == i);
    }

    /** Values that are in both. */
    long shared() {
        return values.stream().filter(value -> value >= 0).count();
    }

    /**
     * Whether what is new may begin now, and what is wider go on: rows that came before must not come again, as rows
     * that are taken away do, unless as they were given out.
     *
     * @param appends whether rows are only added
     * @param begun values that begin now below, and so were given out as nothing
     */
    boolean isSound(StateMeaning after, boolean appends, boolean isTable, Set<String> begun) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) < 0) {
                StateMeaning.Part part = after.values().get(i);
                boolean given = appends || isTable && begun.contains(part.what());
                if (!given || !canBeNothing(part)) {
                    return false;
                }
            }
        }
        return appends || widened.stream().noneMatch(what -> what.contains("["));
    }

    /** Of no row: a count is 0, and so is a sum of integers that cannot be NULL. */
    private static boolean canBeNothing(StateMeaning.Part part) {
        String type = part.types().getFirst();
        boolean integer = INTEGERS.stream().anyMatch(kind -> type.equals(kind + " NOT NULL"));
        return !type.endsWith(" NOT NULL")
                || integer && (part.what().startsWith("COUNT ") || part.what().startsWith("SUM "));
    }

    /** For people. */
    String note() {
        List<String> parts = new ArrayList<>();
        if (!added.isEmpty()) {
            parts.add(words(added) + (added.size() == 1 ? " begins" : " begin") + " at the checkpoint");
        }
        if (!widened.isEmpty()) {
            parts.add(words(widened) + (widened.size() == 1 ? " has" : " have") + " a wider type");
        }
        if (!removed.isEmpty()) {
            parts.add(words(removed) + (removed.size() == 1 ? " is" : " are") + " dropped");
        }
        return String.join(", ", parts);
    }

    private static String words(List<String> whats) {
        return String.join(" and ", whats.stream().map(PartMatch::pretty).toList());
    }

    /** {@code SUM t.x} as SQL has it. */
    private static String pretty(String what) {
        String inner = what.replaceFirst("^(COUNT|SUM|MIN|MAX|AVG) ", "");
        if (inner.equals(what)) {
            return what;
        }
        String function = what.substring(0, what.length() - inner.length() - 1);
        return function + "(" + (inner.isEmpty() ? "*" : inner) + ")";
    }
}
