package io.millrace.connectors.api;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
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

    /** Asks the sink {@code out} of job {@code job}, in this execution of it, to take rows that are only added. */
    public SinkRequest request(Schema schema, long incarnation) {
        return new SinkRequest("job", schema, ChangelogKind.APPEND, 1, false, "out", checkpoints("job", incarnation));
    }
}
