package io.millrace.operators.interpreted;

import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.kernel.Rows;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What makes or takes apart ROW, ARRAY and MAP values, a row at a time through column builders. */
final class NestedNode implements Node {
    private final Node[] arguments;
    private final Function function;
    private final DataType type;

    /** Appends one value computed from a row of the arguments. */
    interface Function {
        void append(Column[] arguments, int row, ColumnBuilder out);
    }

    NestedNode(List<Node> arguments, Function function, DataType type) {
        this.arguments = arguments.toArray(Node[]::new);
        this.function = function;
        this.type = type;
    }

    @Override
    public Column evaluate(Frame frame, Rows rows) {
        Column[] columns = new Column[arguments.length];
        try (ColumnBuilder out = new ColumnBuilder(frame.allocator(), MemoryTag.BATCH, type, frame.rowCount())) {
            for (int i = 0; i < arguments.length; i++) {
                columns[i] = arguments[i].evaluate(frame, rows);
            }
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                while (out.rowCount() < row) {
                    out.appendNull();
                }
                function.append(columns, row, out);
            }
            while (out.rowCount() < frame.rowCount()) {
                out.appendNull();
            }
            return out.build();
        } finally {
            for (Column column : columns) {
                if (column != null) {
                    column.release();
                }
            }
        }
    }

    static Function construct(TypeKind kind) {
        return switch (kind) {
            case ROW ->
                    (parts, row, out) -> {
                        for (int i = 0; i < parts.length; i++) {
                            out.child(i).append(parts[i], row);
                        }
                        out.endStruct();
                    };
            case ARRAY ->
                    (parts, row, out) -> {
                        for (Column part : parts) {
                            out.child(0).append(part, row);
                        }
                        out.endList();
                    };
            default ->
                    (parts, row, out) -> {
                        for (int i = 0; i < parts.length; i += 2) {
                            if (!isRepeated(parts, i, row)) {
                                out.child(0).child(0).append(parts[i], row);
                                out.child(0).child(1).append(parts[i + 1], row);
                                out.child(0).endStruct();
                            }
                        }
                        out.endList();
                    };
        };
    }

    /** Whether a later pair has the same key: the last one counts. */
    private static boolean isRepeated(Column[] parts, int key, int row) {
        for (int later = key + 2; later < parts.length; later += 2) {
            if (NestedOrder.compare(parts[key], row, parts[later], row) == 0) {
                return true;
            }
        }
        return false;
    }

    static Function member(int field) {
        return (arguments, row, out) -> {
            Column struct = arguments[0];
            if (struct.isNull(row)) {
                out.appendNull();
            } else {
                out.append(struct.valueColumn().child(field), struct.valueIndex(row));
            }
        };
    }

    static Function item(TypeKind container) {
        return container == TypeKind.ARRAY ? NestedNode::element : NestedNode::mapped;
    }

    private static void element(Column[] arguments, int row, ColumnBuilder out) {
        Column array = arguments[0];
        if (array.isNull(row) || arguments[1].isNull(row)) {
            out.appendNull();
            return;
        }
        Column lists = array.valueColumn();
        int at = array.valueIndex(row);
        long index = lists.listStart(at) + arguments[1].getLong(row) - 1;
        if (index < lists.listStart(at) || index >= lists.listEnd(at)) {
            out.appendNull();
        } else {
            out.append(lists.child(0), (int) index);
        }
    }

    private static void mapped(Column[] arguments, int row, ColumnBuilder out) {
        Column map = arguments[0];
        if (map.isNull(row) || arguments[1].isNull(row)) {
            out.appendNull();
            return;
        }
        Column lists = map.valueColumn();
        int at = map.valueIndex(row);
        Column entries = lists.child(0);
        for (int i = lists.listStart(at); i < lists.listEnd(at); i++) {
            if (NestedOrder.compare(entries.child(0), i, arguments[1], row) == 0) {
                out.append(entries.child(1), i);
                return;
            }
        }
        out.appendNull();
    }

    static void cardinality(Column[] arguments, int row, ColumnBuilder out) {
        Column container = arguments[0];
        if (container.isNull(row)) {
            out.appendNull();
            return;
        }
        Column lists = container.valueColumn();
        int at = container.valueIndex(row);
        out.appendLong(lists.listEnd(at) - lists.listStart(at));
    }

    /** As Flink prints it: {@code (1, a)}, {@code [1, 2]}, {@code {k=v}}. */
    static void display(Column[] arguments, int row, ColumnBuilder out) {
        if (arguments[0].isNull(row)) {
            out.appendNull();
        } else {
            out.appendBytes(display(arguments[0].getObject(row), arguments[0].type()).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String display(Object value, DataType type) {
        StringBuilder text = new StringBuilder();
        switch (value) {
            case null -> text.append("NULL");
            case List<?> list -> {
                boolean row = type.kind() == TypeKind.ROW;
                text.append(row ? '(' : '[');
                for (int i = 0; i < list.size(); i++) {
                    DataType part = row ? type.children().get(i).type() : type.elementType();
                    text.append(i == 0 ? "" : ", ").append(display(list.get(i), part));
                }
                text.append(row ? ')' : ']');
            }
            case Map<?, ?> map -> {
                DataType entry = type.elementType();
                text.append('{');
                map.forEach((key, mapped) ->
                        text.append(text.length() == 1 ? "" : ", ")
                                .append(display(key, entry.children().get(0).type()))
                                .append('=')
                                .append(display(mapped, entry.children().get(1).type())));
                text.append('}');
            }
            case byte[] bytes -> text.append(new String(bytes, StandardCharsets.UTF_8));
            default -> text.append(Objects.toString(value));
        }
        return text.toString();
    }

    @Override
    public void close() {
        for (Node argument : arguments) {
            argument.close();
        }
    }
}
