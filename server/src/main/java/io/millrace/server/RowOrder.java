package io.millrace.server;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;

/** An order of rows by some of their columns; NULLs come last. Immutable, thread-safe. */
final class RowOrder {
    private final List<Key> keys;

    /** How the values of a column are compared. */
    private enum Kind {
        LONG,
        DOUBLE,
        OBJECT
    }

    private record Key(int column, Kind kind, boolean descending) {}

    private RowOrder(List<Key> keys) {
        this.keys = keys;
    }

    /** Reads {@code column,-column}; a minus sign is for descending. Null and empty are no order. */
    static RowOrder of(Schema schema, String text) {
        List<Key> keys = new ArrayList<>();
        if (text == null || text.isEmpty()) {
            return new RowOrder(keys);
        }
        for (String part : text.split(",", -1)) {
            boolean descending = part.startsWith("-");
            String name = descending ? part.substring(1) : part;
            int column = schema.indexOf(name);
            if (column < 0) {
                throw new HttpProblem(400, ErrorCode.UNKNOWN_COLUMN, "order: no column '" + name + "'")
                        .withHelp("There are " + schema.fields().stream().map(field -> field.name()).toList() + ".");
            }
            keys.add(new Key(column, kind(schema, column), descending));
        }
        return new RowOrder(List.copyOf(keys));
    }

    private static Kind kind(Schema schema, int column) {
        return switch (schema.type(column).kind()) {
            case TINYINT, SMALLINT, INT, BIGINT, DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ -> Kind.LONG;
            case FLOAT, DOUBLE -> Kind.DOUBLE;
            case BOOLEAN, VARCHAR, DECIMAL -> Kind.OBJECT;
            default ->
                    throw Exchange.bad(
                            "order: cannot order by " + schema.name(column) + " of type " + schema.type(column));
        };
    }

    boolean isNone() {
        return keys.isEmpty();
    }

    /** Less than 0 when the first row comes before the second. */
    int compare(Batch left, int leftRow, Batch right, int rightRow) {
        for (Key key : keys) {
            int compared = compare(key, left.column(key.column()), leftRow, right.column(key.column()), rightRow);
            if (compared != 0) {
                return compared;
            }
        }
        return 0;
    }

    private static int compare(Key key, Column left, int leftRow, Column right, int rightRow) {
        boolean leftNull = left.isNull(leftRow);
        boolean rightNull = right.isNull(rightRow);
        if (leftNull || rightNull) {
            return Boolean.compare(leftNull, rightNull);
        }
        int compared =
                switch (key.kind()) {
                    case LONG -> Long.compare(left.getLong(leftRow), right.getLong(rightRow));
                    case DOUBLE -> Double.compare(left.getDouble(leftRow), right.getDouble(rightRow));
                    case OBJECT -> compareObjects(left.getObject(leftRow), right.getObject(rightRow));
                };
        return key.descending() ? -compared : compared;
    }

    @SuppressWarnings("unchecked") // Values of one column are of one class, and of these kinds it is comparable.
    private static int compareObjects(Object left, Object right) {
        return ((Comparable<Object>) left).compareTo(right);
    }
}
