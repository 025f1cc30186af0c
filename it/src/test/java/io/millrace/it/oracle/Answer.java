package io.millrace.it.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a query as text: values parted by tabs, NULL and the empty string as words, tab, line feed and backslash
 * escaped.
 *
 * @param types a letter a column: I for integers, R for other numbers, T text, B BOOLEAN, D dates and times, X others
 * @param rows those that are there in the end, in the order in which they came; of a changelog, sorted
 * @param takenBack rows that were given and taken away again on the way
 */
public record Answer(String types, List<String> rows, long takenBack) {
    static final String NULL = "NULL";
    private static final String EMPTY = "(empty)";

    public Answer {
        rows = List.copyOf(rows);
    }

    /** The rows as they came, or in an order of their own when a query states none. */
    public List<String> rows(boolean ordered) {
        return ordered ? rows : rows.stream().sorted().toList();
    }

    /** One value as it stands in a row. */
    static String cell(String value) {
        if (value == null) {
            return NULL;
        }
        if (value.isEmpty()) {
            return EMPTY;
        }
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }

    /** The differences between two lists of rows in few lines; empty when there are none. */
    public static String difference(List<String> expected, List<String> found) {
        if (expected.equals(found)) {
            return "";
        }
        List<String> missing = new ArrayList<>(expected);
        found.forEach(missing::remove);
        List<String> extra = new ArrayList<>(found);
        expected.forEach(extra::remove);
        if (missing.isEmpty() && extra.isEmpty()) {
            int at = 0;
            while (expected.get(at).equals(found.get(at))) {
                at++;
            }
            return "the order differs from row "
                    + (at + 1)
                    + " on: expected "
                    + expected.get(at)
                    + ", found "
                    + found.get(at);
        }
        return "expected "
                + expected.size()
                + " rows, found "
                + found.size()
                + few("\nmissing: ", missing)
                + few("\nextra:   ", extra);
    }

    private static String few(String label, List<String> rows) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(5, rows.size()); i++) {
            text.append(label).append(rows.get(i));
        }
        return rows.size() > 5 ? text + label + "… " + (rows.size() - 5) + " more" : text.toString();
    }
}
