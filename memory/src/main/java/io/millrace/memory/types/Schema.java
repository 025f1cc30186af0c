package io.millrace.memory.types;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The ordered columns of a batch. Names need not be unique: a query may select one column twice. */
public record Schema(List<Field> fields) {
    public static final Schema EMPTY = new Schema(List.of());

    public Schema {
        fields = List.copyOf(fields);
    }

    /** {@code Schema.of("a", BIGINT, "b", VARCHAR)}: names and types in turn. */
    public static Schema of(Object... namesAndTypes) {
        if (namesAndTypes.length % 2 != 0) {
            throw new IllegalArgumentException("expected name, type pairs; found " + namesAndTypes.length + " values");
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            fields.add(new Field((String) namesAndTypes[i], (DataType) namesAndTypes[i + 1]));
        }
        return new Schema(fields);
    }

    public int size() {
        return fields.size();
    }

    public Field field(int index) {
        return fields.get(index);
    }

    public DataType type(int index) {
        return fields.get(index).type();
    }

    public String name(int index) {
        return fields.get(index).name();
    }

    /** Index of the first column with this exact name, or -1. */
    public int indexOf(String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The columns at these indices, in this order. */
    public Schema project(int... indices) {
        List<Field> projected = new ArrayList<>(indices.length);
        for (int index : indices) {
            projected.add(fields.get(index));
        }
        return new Schema(projected);
    }

    @Override
    public String toString() {
        return fields.stream().map(f -> f.name() + " " + f.type()).collect(Collectors.joining(", ", "(", ")"));
    }
}
