package io.millrace.operators.window;

/**
 * Windows of event time that begin at {@code offset + k * slide} and are {@code size} long. Tumbling when both are
 * equal. All in microseconds.
 */
public record WindowShape(long sizeMicros, long slideMicros, long offsetMicros) {
    public WindowShape {
        if (sizeMicros <= 0 || slideMicros <= 0 || slideMicros > sizeMicros) {
            throw new IllegalArgumentException(
                    "expected 0 < slideMicros <= sizeMicros, found slideMicros="
                            + slideMicros
                            + " sizeMicros="
                            + sizeMicros);
        }
    }

    public static WindowShape tumbling(long sizeMicros) {
        return new WindowShape(sizeMicros, sizeMicros, 0);
    }

    public boolean isTumbling() {
        return sizeMicros == slideMicros;
    }
}
