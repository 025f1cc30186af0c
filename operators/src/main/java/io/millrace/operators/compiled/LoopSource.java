package io.millrace.operators.compiled;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import io.millrace.operators.lowered.Carrier;
import io.millrace.operators.lowered.Lowered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the Java source of a region's loop, and says which objects the loop is to be given. */
final class LoopSource {
    /** An object of a loop: what is to be made for each evaluator. */
    sealed interface Part {
        /** A call-site state. */
        record State(Lowered.Invoke call) implements Part {}

        /** A text that a method writes its result to. */
        record Scratch() implements Part {}

        /** A constant string or bytes. */
        record Constant(Lowered.Constant value) implements Part {}

        /** The constants of a membership test. */
        record Set(Lowered.OneOf test) implements Part {}
    }

    private final Region region;
    private final boolean condition;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder header = new StringBuilder();

    private LoopSource(Region region, boolean condition) {
        this.region = region;
        this.condition = condition;
    }

    /** The body of a class that implements {@link CompiledLoop}, and its objects. */
    record Written(String body, List<Part> parts) {}

    static Written of(Region region, boolean condition) {
        LoopSource source = new LoopSource(region, condition);
        String dense = source.method("dense", false, true);
        String plain = source.method("plain", false, false);
        String general = source.method("general", true, false);
        String passed = "(leaves, data, objects, out, rows, count, selected)";
        String body =
                "public int run(long[] leaves, long[][] data, Object[] objects, Target out, long rows, int count,"
                        + " boolean nulls, long selected) {\n  if (nulls) { return general"
                        + passed
                        + "; }\n  return rows == 0L ? dense"
                        + passed
                        + " : plain"
                        + passed
                        + ";\n}\n"
                        + dense
                        + plain
                        + general;
        return new Written(body, List.copyOf(source.parts));
    }

    /** One loop; a dense one over the first rows. C2 makes the best of a loop that has neither NULLs nor indices. */
    private String method(String name, boolean nulls, boolean dense) {
        LoopBody body = new LoopBody(this, nulls);
        LoopBody.Value result = body.emit(region.root());
        String end = condition ? select(result) : store(result, region.root().type());
        StringBuilder text = new StringBuilder();
        text.append("private static int ").append(name);
        text.append(
                "(long[] leaves, long[][] data, Object[] objects, Target out, long rows, int count, long selected)"
                        + " {\n");
        for (Map.Entry<Lowered, Integer> leaf : region.leaves().entrySet()) {
            appendLeaf(text, leaf.getValue(), leaf.getKey().carrier(), nulls);
        }
        text.append(header);
        header.setLength(0);
        if (!condition) {
            text.append("  final long to = out.address();\n");
        }
        text.append("  int n = 0;\n  for (int i = 0; i < count; i++) {\n");
        String row = dense ? "i" : nulls ? "rows == 0L ? i : Mem.getInt(rows + 4L * i)" : "Mem.getInt(rows + 4L * i)";
        text.append("    final int row = ").append(row).append(";\n");
        text.append(body.text()).append(end);
        return text.append("  }\n  return n;\n}\n").toString();
    }

    private static void appendLeaf(StringBuilder text, int leaf, Carrier carrier, boolean nulls) {
        text.append("  final long b").append(leaf).append(" = leaves[").append(4 * leaf).append("];\n");
        if (nulls) {
            text.append("  final long q").append(leaf).append(" = leaves[").append(4 * leaf + 1).append("];\n");
        }
        text.append("  final int m").append(leaf).append(" = (int) leaves[").append(4 * leaf + 2).append("];\n");
        if (carrier == Carrier.TEXT) {
            text.append("  final long d").append(leaf).append(" = leaves[").append(4 * leaf + 3).append("];\n");
            text.append("  final long[] x").append(leaf).append(" = data[").append(leaf).append("];\n");
        }
    }

    private static String select(LoopBody.Value result) {
        String holds =
                result.isNull().equals("false")
                        ? result.value()
                        : "(" + result.value() + " & !" + result.isNull() + ")";
        return "    Mem.putInt(selected + 4L * n, row);\n    n += " + holds + " ? 1 : 0;\n";
    }

    private static String store(LoopBody.Value result, DataType type) {
        String put = put(result, type.layout());
        return result.isNull().equals("false")
                ? "    " + put + "\n"
                : "    if (" + result.isNull() + ") { out.putNull(row); } else { " + put + " }\n";
    }

    private static String put(LoopBody.Value result, Layout layout) {
        String value = result.value();
        return switch (layout) {
            case BOOL8 -> "Mem.putByte(to + row, (byte) (" + value + " ? 1 : 0));";
            case I8 -> "Mem.putByte(to + row, (byte) " + value + ");";
            case I16 -> "Mem.putShort(to + 2L * row, (short) " + value + ");";
            case I32 -> "Mem.putInt(to + 4L * row, (int) " + value + ");";
            case I64 -> "Mem.putLong(to + 8L * row, " + value + ");";
            case F32 -> "Mem.putFloat(to + 4L * row, (float) " + value + ");";
            case F64 -> "Mem.putDouble(to + 8L * row, " + value + ");";
            case I128 ->
                    "Mem.putLong(to + 16L * row, "
                            + value
                            + "); Mem.putLong(to + 16L * row + 8L, "
                            + result.high()
                            + ");";
            default -> "out.putText(row, " + value + ");";
        };
    }

    /** The number of a leaf, or -1 for a node that is none. */
    int leafOf(Lowered node) {
        return region.leaves().getOrDefault(node, -1);
    }

    /** Asks for an object; gives the name of a local that holds it for the loop. */
    String object(Part part, Class<?> type) {
        String name = "o" + parts.size();
        String typeName = type.getCanonicalName();
        declare("final " + typeName + " " + name + " = (" + typeName + ") objects[" + parts.size() + "];");
        parts.add(part);
        return name;
    }

    /** Adds a statement before the loop. */
    void declare(String statement) {
        header.append("  ").append(statement).append('\n');
    }
}
