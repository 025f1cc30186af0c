package io.millrace.formats.parquet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * A random file of nested columns in every shape that writers have used, written by parquet-hadoop, and the rows that
 * it holds: groups, lists in two and three levels, bare repeated fields and maps, below one another.
 */
final class NestedFile {
    private final SplittableRandom random;
    private final WriterVersion version;
    private final List<Node> columns = new ArrayList<>();

    /** The rows as they are to be read. */
    final List<List<Object>> rows = new ArrayList<>();

    private enum Shape {
        LONG,
        TEXT,
        STRUCT,
        /** Annotated, with a group between that holds the element. */
        LIST_OF_THREE_LEVELS,
        /** Annotated, the repeated field is the element. */
        LIST_OF_TWO_LEVELS,
        MAP
    }

    private record Node(String name, Shape shape, String repetition, List<Node> children) {
        boolean isRepeated() {
            return repetition.equals("repeated");
        }

        boolean isOptional() {
            return repetition.equals("optional");
        }

        String text() {
            String head = repetition + " ";
            StringBuilder members = new StringBuilder();
            children.forEach(c -> members.append(c.text()));
            return switch (shape) {
                case LONG -> head + "int64 " + name + "; ";
                case TEXT -> head + "binary " + name + " (STRING); ";
                case STRUCT -> head + "group " + name + " { " + members + "} ";
                case LIST_OF_THREE_LEVELS ->
                        head + "group " + name + " (LIST) { repeated group list { " + members + "} } ";
                case LIST_OF_TWO_LEVELS -> head + "group " + name + " (LIST) { " + members + "} ";
                case MAP -> head + "group " + name + " (MAP) { repeated group key_value { " + members + "} } ";
            };
        }
    }

    NestedFile(long seed, WriterVersion version) {
        this.random = new SplittableRandom(seed);
        this.version = version;
        for (int i = 0; i < 3; i++) {
            columns.add(node("c" + i, 3, pick("optional", "required", "repeated")));
        }
    }

    private String pick(String... any) {
        return any[random.nextInt(any.length)];
    }

    private Node node(String name, int depth, String repetition) {
        Shape shape = depth == 0 ? Shape.values()[random.nextInt(2)] : Shape.values()[random.nextInt(6)];
        List<Node> children = new ArrayList<>();
        switch (shape) {
            case LONG, TEXT -> {}
            case STRUCT -> {
                for (int i = 0; i <= random.nextInt(3); i++) {
                    children.add(node("m" + i, depth - 1, pick("optional", "required", "repeated")));
                }
            }
            case LIST_OF_THREE_LEVELS -> children.add(node("element", depth - 1, pick("optional", "required")));
            case LIST_OF_TWO_LEVELS -> children.add(node("array", depth - 1, "repeated"));
            case MAP -> {
                children.add(new Node("key", Shape.TEXT, "required", List.of()));
                children.add(node("value", depth - 1, pick("optional", "required")));
            }
        }
        return new Node(name, shape, repetition, children);
    }

    MessageType schema() {
        StringBuilder text = new StringBuilder("message m { ");
        columns.forEach(c -> text.append(c.text()));
        return MessageTypeParser.parseMessageType(text + "required int64 id; }");
    }

    byte[] write(Path dir, int rowCount) throws Exception {
        MessageType schema = schema();
        SimpleGroupFactory groups = new SimpleGroupFactory(schema);
        Path path = dir.resolve("nested.parquet");
        try (ParquetWriter<Group> writer =
                ExampleParquetWriter.builder(new LocalOutputFile(path))
                        .withConf(new PlainParquetConfiguration())
                        .withType(schema)
                        .withWriterVersion(version)
                        .withDictionaryEncoding(random.nextBoolean())
                        .withPageSize(900)
                        .withPageRowCountLimit(70)
                        .withRowGroupSize(60_000L)
                        .withMinRowCountForPageSizeCheck(10)
                        .build()) {
            for (long id = 0; id < rowCount; id++) {
                Group group = groups.newGroup();
                List<Object> row = new ArrayList<>();
                for (Node column : columns) {
                    row.add(field(group, column));
                }
                group.add("id", id);
                row.add(id);
                rows.add(row);
                writer.write(group);
            }
        }
        byte[] bytes = Files.readAllBytes(path);
        Files.delete(path);
        return bytes;
    }

    /** Adds what the field holds to the group it is of, and returns it as it is to be read. */
    private Object field(Group parent, Node node) {
        if (node.isRepeated()) {
            List<Object> list = new ArrayList<>();
            for (int i = count(); i > 0; i--) {
                list.add(own(parent, node));
            }
            return list;
        }
        return node.isOptional() && random.nextInt(4) == 0 ? null : own(parent, node);
    }

    /** Mostly few, now and then more than a page holds. */
    private int count() {
        return random.nextInt(200) == 0 ? 150 : random.nextInt(4);
    }

    private Object own(Group parent, Node node) {
        switch (node.shape) {
            case LONG -> {
                long value = random.nextInt(50);
                parent.add(node.name, value);
                return value;
            }
            case TEXT -> {
                String value =
                        random.nextBoolean() ? "t" + random.nextInt(9) : "longer than a view " + random.nextInt(99);
                parent.add(node.name, value);
                return value;
            }
            default -> {}
        }
        Group group = parent.addGroup(node.name);
        Node first = node.children.getFirst();
        return switch (node.shape) {
            case STRUCT -> {
                List<Object> row = new ArrayList<>();
                node.children.forEach(member -> row.add(field(group, member)));
                yield row;
            }
            case LIST_OF_TWO_LEVELS -> field(group, first);
            case LIST_OF_THREE_LEVELS -> {
                List<Object> list = new ArrayList<>();
                for (int i = count(); i > 0; i--) {
                    list.add(field(group.addGroup("list"), first));
                }
                yield list;
            }
            default -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                for (int i = count() % 5; i > 0; i--) {
                    Group entry = group.addGroup("key_value");
                    entry.add("key", "k" + i);
                    map.put("k" + i, field(entry, node.children.get(1)));
                }
                yield Collections.unmodifiableMap(map);
            }
        };
    }
}
