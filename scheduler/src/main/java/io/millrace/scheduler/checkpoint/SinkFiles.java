package io.millrace.scheduler.checkpoint;

import io.millrace.connectors.api.CheckpointFiles;
import io.millrace.connectors.api.Prepared;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.PreparedEntry;
import io.millrace.state.checkpoint.StateFiles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** The files of sinks beside those of states: what there is to know of one, its name says. Thread-safe. */
public final class SinkFiles implements CheckpointFiles {
    private final StateFiles files;

    public SinkFiles(StateFiles files) {
        this.files = files;
    }

    @Override
    public String write(ByteBuffer content) {
        try (Arena arena = Arena.ofConfined();
                StateFiles.Writer writer = files.create()) {
            int length = content.remaining();
            MemorySegment bytes = arena.allocate(Math.max(1, length));
            bytes.asByteBuffer().put(content);
            writer.write(bytes.address(), length);
            return writer.finish().name();
        }
    }

    @Override
    public byte[] read(String name) {
        CheckpointFile file = CheckpointFile.ofName(name);
        if (file.lengthBytes() > Integer.MAX_VALUE - 8) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA, "expected a file of a sink, found " + file.lengthBytes() + " bytes");
        }
        byte[] content = new byte[(int) file.lengthBytes()];
        try (Arena arena = Arena.ofConfined();
                StateFiles.Reader reader = files.open(file)) {
            MemorySegment bytes = arena.allocate(Math.max(1, content.length));
            reader.read(bytes.address(), content.length);
            reader.verify();
            Mem.copyOut(bytes.address(), content, 0, content.length);
            return content;
        }
    }

    /** As a manifest has it. */
    static PreparedEntry entry(Prepared prepared) {
        return new PreparedEntry(prepared.bytes(), prepared.files().stream().map(CheckpointFile::ofName).toList());
    }

    /** As a sink has it. */
    public static Prepared prepared(PreparedEntry entry) {
        return new Prepared(entry.bytes(), entry.files().stream().map(CheckpointFile::name).toList());
    }
}
