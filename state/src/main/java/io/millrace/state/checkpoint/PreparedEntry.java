package io.millrace.state.checkpoint;

import java.util.List;

/**
 * What a sink writer sealed, and is to be made visible.
 *
 * @param bytes of the sink's own format
 * @param files which those bytes refer to
 */
public record PreparedEntry(byte[] bytes, List<CheckpointFile> files) {
    public PreparedEntry {
        files = List.copyOf(files);
    }
}
