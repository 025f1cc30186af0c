package io.millrace.connectors.api;

import java.util.List;

/**
 * What one writer sealed for a checkpoint.
 *
 * @param bytes in a format of the sink's own, with a version
 * @param files those of {@link CheckpointFiles} that they refer to: kept for as long as the checkpoint is
 */
public record Prepared(byte[] bytes, List<String> files) {
    /** Of a writer that had nothing to seal. */
    public static final Prepared NOTHING = new Prepared(new byte[0], List.of());

    public Prepared {
        files = List.copyOf(files);
    }

    /** Bytes that refer to no file. */
    public static Prepared of(byte[] bytes) {
        return new Prepared(bytes, List.of());
    }

    public boolean isEmpty() {
        return bytes.length == 0 && files.isEmpty();
    }
}
