package io.millrace.cli.demo;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.memory.types.TypeKind;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Rows as plain numbers, for comparing whole answers: a value is a long, a text the number that all tables of one
 * comparison know it by, NULL the least long. One thread.
 */
final class RowTable {
    private static final long NULL = Long.MIN_VALUE;

    private final String[] names;
    private final boolean[] isText;
    private final boolean[] isTime;
    private final Texts texts;
    private long[] values;
    private int rows;

    /** Texts and the numbers they are known by. */
    static final class Texts {
        private final Map<String, Long> numbers = new HashMap<>();
        private final List<String> byNumber = new java.util.ArrayList<>();

        long number(String text) {
            Long known = numbers.get(text);
            if (known == null) {
                known = (long) byNumber.size();
                numbers.put(text, known);
                byNumber.add(text);
            }
            return known;
        }
    }

    RowTable(Schema schema, Texts texts) {
        int width = schema.size();
        this.names = new String[width];
        this.isText = new boolean[width];
        this.isTime = new boolean[width];
        this.texts = texts;
        this.values = new long[Math.max(1, width) * 1024];
        for (int i = 0; i < width; i++) {
            DataType type = schema.type(i);
            names[i] = schema.name(i);
            isText[i] = type.kind() == TypeKind.VARCHAR;
            isTime[i] = type.kind() == TypeKind.TIMESTAMP;
            if (!isText[i] && !isTime[i] && !type.kind().isInteger()) {
                throw MillraceException.internal("no way to compare values of " + names[i] + " " + type);
            }
        }
    }

    int rowCount() {
        return rows;
    }

    private void reserve() {
        if (values.length < (rows + 1) * names.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(values.length, 2));
        }
    }

    /** Appends one row: longs, texts or nulls. Times are in microseconds. */
    void add(Object... row) {
        if (row.length != names.length) {
            throw new IllegalArgumentException("expected " + names.length + " values, found " + row.length);
        }
        reserve();
        int at = rows * names.length;
        for (Object value : row) {
            values[at] =
                    switch (value) {
                        case null -> NULL;
                        case String text -> texts.number(text);
                        default -> ((Number) value).longValue();
                    };
            at++;
        }
        rows++;
    }

    void add(Batch batch, int row) {
        reserve();
        int at = rows * names.length;
        for (int i = 0; i < names.length; i++) {
            Column column = batch.column(i);
            values[at + i] =
                    column.isNull(row)
                            ? NULL
                            : isText[i] ? texts.number((String) column.getObject(row)) : column.getLong(row);
        }
        rows++;
    }

    /** Appends the rows of a batch that count. */
    void addAll(Batch batch) {
        for (int i = 0; i < batch.activeCount(); i++) {
            add(batch, batch.row(i));
        }
    }

    private int compare(int row, RowTable other, int otherRow) {
        int width = names.length;
        return Arrays.compare(
                values, row * width, (row + 1) * width, other.values, otherRow * width, (otherRow + 1) * width);
    }

    /** Row numbers in the order of their values: a merge sort, bottom up, for it needs no objects. */
    private int[] sorted() {
        int[] from = new int[rows];
        for (int i = 0; i < rows; i++) {
            from[i] = i;
        }
        int[] to = new int[rows];
        for (int run = 1; run < rows; run *= 2) {
            for (int left = 0; left < rows; left += 2 * run) {
                merge(from, to, left, Math.min(left + run, rows), Math.min(left + 2 * run, rows));
            }
            int[] swapped = from;
            from = to;
            to = swapped;
        }
        return from;
    }

    private void merge(int[] from, int[] to, int left, int middle, int end) {
        int i = left;
        int j = middle;
        for (int k = left; k < end; k++) {
            boolean takeLeft = i < middle && (j >= end || compare(from[i], this, from[j]) <= 0);
            to[k] = takeLeft ? from[i++] : from[j++];
        }
    }

    /** Null when the other table has the same rows, each as often; else what the first row is that differs. */
    String firstDifference(RowTable found) {
        int[] mine = sorted();
        int[] theirs = found.sorted();
        for (int i = 0; i < Math.max(mine.length, theirs.length); i++) {
            if (i >= theirs.length) {
                return "expected " + text(mine[i]) + ", found no such row";
            }
            if (i >= mine.length) {
                return "found " + found.text(theirs[i]) + ", expected no such row";
            }
            int compared = compare(mine[i], found, theirs[i]);
            if (compared != 0) {
                boolean same = values[mine[i] * names.length] == found.values[theirs[i] * names.length];
                return same
                        ? "expected " + text(mine[i]) + ", found " + found.text(theirs[i])
                        : compared < 0
                                ? "expected " + text(mine[i]) + ", found no such row"
                                : "found " + found.text(theirs[i]) + ", expected no such row";
            }
        }
        return null;
    }

    private String text(int row) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < names.length; i++) {
            long value = values[row * names.length + i];
            text.append(i == 0 ? "" : ", ").append(names[i]).append(": ");
            if (value == NULL) {
                text.append("NULL");
            } else if (isText[i]) {
                text.append(texts.byNumber.get((int) value));
            } else if (isTime[i]) {
                text.append(
                        LocalDateTime.ofEpochSecond(
                                Math.floorDiv(value, 1_000_000L),
                                (int) Math.floorMod(value, 1_000_000L) * 1_000,
                                ZoneOffset.UTC));
            } else {
                text.append(value);
            }
        }
        return Objects.toString(text.append('}'));
    }
}
