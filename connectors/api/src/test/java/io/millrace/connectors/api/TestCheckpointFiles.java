package io.millrace.connectors.api;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Checkpoint files in memory, named by content; they outlive the executions of a test. */
public final class TestCheckpointFiles implements CheckpointFiles {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @Override
    public String write(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        String name = "file-" + HexFormat.of().toHexDigits(java.util.Arrays.hashCode(bytes)) + "-" + bytes.length;
        files.put(name, bytes);
        return name;
    }

    @Override
    public byte[] read(String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, "no checkpoint file " + name);
        }
        return bytes.clone();
    }

    public int count() {
        return files.size();
    }

    /** Of a job with this number of executions so far, with checkpoints 10 s apart. */
    public SinkCheckpoints checkpoints(String job, long incarnation) {
        return new SinkCheckpoints(job, incarnation, 10_000_000_000L, this);
    }
}
