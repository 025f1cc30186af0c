package io.millrace.memory.types;

/** The SQL type constructors the engine knows. */
public enum TypeKind {
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INT,
    BIGINT,
    FLOAT,
    DOUBLE,
    DECIMAL,
    DATE,
    TIME,
    /** Without a zone: a wall-clock reading. */
    TIMESTAMP,
    /** With the session's zone for display only: an instant. */
    TIMESTAMP_LTZ,
    VARCHAR,
    BINARY,
    ROW,
    ARRAY,
    MAP;

    /** True for the types on which arithmetic is defined. */
    public boolean isNumeric() {
        return switch (this) {
            case TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL -> true;
            default -> false;
        };
    }

    /** True for TINYINT, SMALLINT, INT and BIGINT. */
    public boolean isInteger() {
        return this == TINYINT || this == SMALLINT || this == INT || this == BIGINT;
    }

    /** True for both timestamp kinds. */
    public boolean isTimestamp() {
        return this == TIMESTAMP || this == TIMESTAMP_LTZ;
    }

    /** True for VARCHAR and BINARY, whose layout is a view over byte buffers. */
    public boolean isBytes() {
        return this == VARCHAR || this == BINARY;
    }
}
