package io.millrace.memory.error;

/** A place in SQL text; line and column count from 1. */
public record SqlPosition(int line, int column) {
    public SqlPosition {
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException(
                    "expected line and column from 1, found line=" + line + " column=" + column);
        }
    }
}
