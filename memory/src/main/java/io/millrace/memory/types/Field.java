package io.millrace.memory.types;

import java.util.Objects;

/** A named column of a schema, or a named member of a ROW. */
public record Field(String name, DataType type) {
    public Field {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }
}
