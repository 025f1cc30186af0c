package io.millrace.connectors.kafka;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * How far the partitions of a topic were read. The snapshot of a reader, numbers big endian:
 *
 * <pre>
 *   u8 version (1) | i64 i64 the topic's id | i32 partitions
 *   per partition: i32 number, i64 next offset (-1: the earliest there is), i64 offset to end at (2^63 - 1: none)
 * </pre>
 *
 * @param topicId null when nothing was read
 */
record TopicProgress(Uuid topicId, Map<Integer, Position> positions) {
    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 1 + 2 * Long.BYTES + Integer.BYTES;
    private static final int PARTITION_BYTES = Integer.BYTES + 2 * Long.BYTES;

    /** One partition: the next offset, and the one to end at. */
    record Position(long next, long end) {
        boolean isAtEnd() {
            return next >= end;
        }
    }

    static byte[] toBytes(Uuid topicId, Collection<PartitionState> states) {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + states.size() * PARTITION_BYTES);
        bytes.put(VERSION)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits())
                .putInt(states.size());
        for (PartitionState state : states) {
            bytes.putInt(state.partition).putLong(state.next).putLong(state.end);
        }
        return bytes.array();
    }

    /** What all readers of an execution stated; of a partition the furthest. */
    static TopicProgress of(List<byte[]> snapshots) {
        Uuid id = null;
        Map<Integer, Position> positions = new TreeMap<>();
        for (byte[] snapshot : snapshots) {
            ByteBuffer bytes = ByteBuffer.wrap(snapshot);
            if (snapshot.length == 0 || bytes.get() != VERSION) {
                throw new MillraceException(
                                ErrorCode.UNSUPPORTED,
                                "expected offsets of version "
                                        + VERSION
                                        + ", found "
                                        + (snapshot.length == 0 ? "none" : "version " + snapshot[0]))
                        .withHelp("The checkpoint is of another version of Millrace.");
            }
            try {
                id = new Uuid(bytes.getLong(), bytes.getLong());
                for (int i = bytes.getInt(); i > 0; i--) {
                    positions.merge(
                            bytes.getInt(),
                            new Position(bytes.getLong(), bytes.getLong()),
                            (a, b) -> b.next > a.next ? b : a);
                }
            } catch (BufferUnderflowException cut) {
                throw new MillraceException(ErrorCode.CORRUPT_DATA, "offsets end too early", cut);
            }
        }
        return new TopicProgress(id, positions);
    }
}
