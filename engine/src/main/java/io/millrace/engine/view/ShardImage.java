package io.millrace.engine.view;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A shard of a view as a checkpoint has it. Big-endian, strings as {@link DataOutputStream#writeUTF}:
 *
 * <pre>
 *   i8 version 1 | i32 writer | i32 writers | i64 epoch | i64 frontier | i8 ended | i32 segments
 *   segment   name of its file | i64 offset in it | i32 words | i64 bits a word: set = the row counts
 * </pre>
 */
record ShardImage(Owner owner, long epoch, long frontierMicros, boolean ended, List<Stored> segments) {
    private static final int VERSION = 1;
    private static final int MAX_COUNT = 1 << 24;

    /** Which of how many writers. */
    record Owner(int writer, int writers) {}

    /** A segment: where its rows lie, and which of them count. */
    record Stored(String file, long offset, long[] live) {}

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(owner.writer());
            out.writeInt(owner.writers());
            out.writeLong(epoch);
            out.writeLong(frontierMicros);
            out.writeBoolean(ended);
            out.writeInt(segments.size());
            for (Stored segment : segments) {
                out.writeUTF(segment.file());
                out.writeLong(segment.offset());
                out.writeInt(segment.live().length);
                for (long word : segment.live()) {
                    out.writeLong(word);
                }
            }
        } catch (IOException impossible) {
            throw MillraceException.wrap(impossible);
        }
        return bytes.toByteArray();
    }

    static ShardImage of(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw corrupt("expected version " + VERSION + ", found " + version);
            }
            Owner owner = new Owner(in.readInt(), in.readInt());
            long epoch = in.readLong();
            long frontier = in.readLong();
            boolean ended = in.readBoolean();
            int count = count(in);
            List<Stored> segments = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String file = in.readUTF();
                long offset = in.readLong();
                long[] live = new long[count(in)];
                for (int word = 0; word < live.length; word++) {
                    live[word] = in.readLong();
                }
                segments.add(new Stored(file, offset, live));
            }
            return new ShardImage(owner, epoch, frontier, ended, segments);
        } catch (IOException cut) {
            throw corrupt("its bytes end too soon");
        }
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MAX_COUNT) {
            throw corrupt("expected a count up to " + MAX_COUNT + ", found " + count);
        }
        return count;
    }

    private static MillraceException corrupt(String what) {
        return new MillraceException(ErrorCode.CORRUPT_DATA, "a view in a checkpoint: " + what);
    }
}
