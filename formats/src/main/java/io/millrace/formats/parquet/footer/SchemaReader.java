package io.millrace.formats.parquet.footer;

import io.millrace.formats.parquet.footer.SchemaNode.Repetition;
import java.util.ArrayList;
import java.util.List;

/** Reads the flattened schema of a footer into a tree of {@link SchemaNode}. */
final class SchemaReader {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_ELEMENTS = 1 << 20;
    private static final Repetition[] REPETITIONS = Repetition.values();

    private final ChunkLocation where;
    private final List<Element> elements = new ArrayList<>();
    private final List<SchemaNode> leaves = new ArrayList<>();
    private int next;

    SchemaReader(ChunkLocation where) {
        this.where = where;
    }

    private record Element(
            String name,
            Repetition repetition,
            PhysicalType physical,
            int typeLength,
            int children,
            LogicalType logical) {}

    /** Reads the list of schema elements; the field was just begun. */
    void read(CompactReader in) {
        int count = in.beginList();
        if (count < 1 || count > MAX_ELEMENTS) {
            throw where.corrupt("expected 1 to " + MAX_ELEMENTS + " schema elements, found " + count);
        }
        int type = in.elementType();
        for (int i = 0; i < count; i++) {
            in.element(type);
            in.beginStruct();
            elements.add(readElement(in));
        }
    }

    private Element readElement(CompactReader in) {
        PhysicalType physical = null;
        Repetition repetition = Repetition.REQUIRED;
        String name = null;
        LogicalType logical = null;
        int typeLength = 0;
        int children = 0;
        int converted = -1;
        int scale = 0;
        int precision = 0;
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> physical = PhysicalType.of(in.readI32(), where);
                case 2 -> typeLength = in.readI32();
                case 3 -> repetition = repetition(in.readI32());
                case 4 -> name = in.readString();
                case 5 -> children = in.readI32();
                case 6 -> converted = in.readI32();
                case 7 -> scale = in.readI32();
                case 8 -> precision = in.readI32();
                case 10 -> logical = readLogical(in);
                default -> in.skip();
            }
        }
        if (name == null) {
            throw where.corrupt("a schema element has no name");
        }
        if (children < 0 || children > MAX_ELEMENTS) {
            throw where.corrupt("schema element " + name + " has " + children + " children");
        }
        if (physical == PhysicalType.FIXED_LEN_BYTE_ARRAY && typeLength <= 0) {
            throw where.corrupt("schema element " + name + " of fixed length has length " + typeLength);
        }
        if (logical == null) {
            logical = converted < 0 ? LogicalType.NONE : LogicalType.ofConverted(converted, precision, scale);
        }
        return new Element(name, repetition, physical, typeLength, children, logical);
    }

    private Repetition repetition(int code) {
        if (code < 0 || code >= REPETITIONS.length) {
            throw where.corrupt("expected a repetition from 0 to 2, found " + code);
        }
        return REPETITIONS[code];
    }

    private LogicalType readLogical(CompactReader in) {
        in.beginStruct();
        LogicalType logical = LogicalType.of(LogicalType.Kind.OTHER);
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1, 4, 12 -> logical = empty(in, LogicalType.Kind.STRING);
                case 2 -> logical = empty(in, LogicalType.Kind.MAP);
                case 3 -> logical = empty(in, LogicalType.Kind.LIST);
                case 5 -> logical = readDecimal(in);
                case 6 -> logical = empty(in, LogicalType.Kind.DATE);
                case 7 -> logical = readTime(in, false);
                case 8 -> logical = readTime(in, true);
                case 10 -> logical = readInteger(in);
                case 15 -> logical = empty(in, LogicalType.Kind.FLOAT16);
                default -> in.skip();
            }
        }
        return logical;
    }

    private static LogicalType empty(CompactReader in, LogicalType.Kind kind) {
        in.skip();
        return LogicalType.of(kind);
    }

    private static LogicalType readDecimal(CompactReader in) {
        in.beginStruct();
        int scale = 0;
        int precision = 0;
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> scale = in.readI32();
                case 2 -> precision = in.readI32();
                default -> in.skip();
            }
        }
        return LogicalType.decimal(precision, scale);
    }

    private static LogicalType readTime(CompactReader in, boolean timestamp) {
        in.beginStruct();
        boolean utc = false;
        int unitsPerSecond = 1_000_000;
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> utc = in.readBoolean();
                case 2 -> unitsPerSecond = readUnit(in);
                default -> in.skip();
            }
        }
        return timestamp ? LogicalType.timestamp(unitsPerSecond, utc) : LogicalType.time(unitsPerSecond);
    }

    private static int readUnit(CompactReader in) {
        in.beginStruct();
        int unitsPerSecond = 1_000_000;
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            unitsPerSecond =
                    switch (id) {
                        case 1 -> 1_000;
                        case 3 -> 1_000_000_000;
                        default -> 1_000_000;
                    };
            in.skip();
        }
        return unitsPerSecond;
    }

    private static LogicalType readInteger(CompactReader in) {
        in.beginStruct();
        int bitWidth = 32;
        boolean signed = true;
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> bitWidth = in.readByteField();
                case 2 -> signed = in.readBoolean();
                default -> in.skip();
            }
        }
        return LogicalType.integer(bitWidth, signed);
    }

    /** The root, once all was read. */
    SchemaNode tree() {
        if (elements.isEmpty()) {
            throw where.corrupt("the schema is missing");
        }
        Element root = elements.getFirst();
        next = 1;
        List<SchemaNode> columns = children(root, "", 0, 0, 0);
        if (next != elements.size()) {
            throw where.corrupt("expected " + next + " schema elements, found " + elements.size());
        }
        return new SchemaNode("", root.name, Repetition.REQUIRED, null, 0, LogicalType.NONE, 0, 0, -1, columns);
    }

    private List<SchemaNode> children(Element parent, String path, int definition, int repetition, int depth) {
        if (depth > MAX_DEPTH) {
            throw where.corrupt("expected at most " + MAX_DEPTH + " nested groups");
        }
        List<SchemaNode> children = new ArrayList<>();
        for (int i = 0; i < parent.children; i++) {
            if (next == elements.size()) {
                throw where.corrupt("group " + parent.name + " has fewer than " + parent.children + " children");
            }
            children.add(node(elements.get(next++), path, definition, repetition, depth + 1));
        }
        return children;
    }

    private SchemaNode node(Element e, String parentPath, int definition, int repetition, int depth) {
        String path = parentPath.isEmpty() ? e.name : parentPath + "." + e.name;
        int maxDefinition = definition + (e.repetition == Repetition.REQUIRED ? 0 : 1);
        int maxRepetition = repetition + (e.repetition == Repetition.REPEATED ? 1 : 0);
        if (e.physical == null) {
            List<SchemaNode> children = children(e, path, maxDefinition, maxRepetition, depth);
            if (children.isEmpty()) {
                throw where.corrupt("group " + path + " is empty");
            }
            return new SchemaNode(
                    path, e.name, e.repetition, null, 0, e.logical, maxDefinition, maxRepetition, -1, children);
        }
        if (e.children > 0) {
            throw where.corrupt("column " + path + " has both a physical type and children");
        }
        SchemaNode leaf =
                new SchemaNode(
                        path,
                        e.name,
                        e.repetition,
                        e.physical,
                        e.typeLength,
                        e.logical,
                        maxDefinition,
                        maxRepetition,
                        leaves.size(),
                        List.of());
        leaves.add(leaf);
        return leaf;
    }

    /** The leaves in order, once the tree was made. */
    List<SchemaNode> leaves() {
        return leaves;
    }
}
