package io.millrace.connectors.api;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which of the positions 0, 1, 2 … one reader of a generated table makes, in rising order. Readers take blocks in turn;
 * those of an execution that goes on share what the earlier readers had left, however many those were. Its snapshot:
 *
 * <pre>
 *   u8 version (1) | i32 lanes | per lane: i64 position, i64 base, i64 blockPositions, i32 stride, i64 end
 * </pre>
 *
 * <p>A lane is every {@code stride}-th block from {@code base} on; {@code position} is the next to be made, and none
 * from {@code end} on belongs to it. One thread.
 */
public final class Positions {
    private static final byte VERSION = 1;
    private static final int LANE_BYTES = 4 * Long.BYTES + Integer.BYTES;
    private static final long NO_END = Long.MAX_VALUE;

    private final List<Lane> lanes;

    private static final class Lane {
        final long base;
        final long blockPositions;
        final int stride;
        long position;
        long end;

        Lane(long position, long base, long blockPositions, int stride, long end) {
            this.position = position;
            this.base = base;
            this.blockPositions = blockPositions;
            this.stride = stride;
            this.end = end;
        }

        long position() {
            return position;
        }
    }

    private Positions(List<Lane> lanes) {
        this.lanes = lanes;
    }

    /**
     * The share of one reader.
     *
     * @param first the first position of the table
     * @param restored what all readers stated before; empty when nothing was made
     */
    public static Positions of(long first, long blockPositions, int reader, int readers, List<byte[]> restored) {
        List<Lane> before = new ArrayList<>();
        restored.forEach(snapshot -> read(snapshot, before));
        long base = first;
        List<Lane> own = new ArrayList<>();
        int left = 0;
        for (Lane lane : before) {
            if (lane.end == NO_END) {
                long block = lane.blockPositions;
                base = Math.max(base, lane.base + (lane.position - lane.base + block - 1) / block * block);
            }
        }
        for (Lane lane : before) {
            lane.end = Math.min(lane.end, base);
            if (lane.position < lane.end && left++ % readers == reader) {
                own.add(lane);
            }
        }
        own.add(new Lane(base + reader * blockPositions, base, blockPositions, readers, NO_END));
        return new Positions(own);
    }

    private static void read(byte[] snapshot, List<Lane> into) {
        ByteBuffer bytes = ByteBuffer.wrap(snapshot);
        if (snapshot.length == 0 || bytes.get() != VERSION) {
            throw new MillraceException(
                            ErrorCode.UNSUPPORTED,
                            "expected positions of version "
                                    + VERSION
                                    + ", found "
                                    + (snapshot.length == 0 ? "none" : "version " + snapshot[0]))
                    .withHelp("The checkpoint is of another version of Millrace.");
        }
        int count = bytes.getInt();
        for (int i = 0; i < count; i++) {
            into.add(new Lane(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getInt(), bytes.getLong()));
        }
    }

    /** The least position that was not made. */
    public long next() {
        return least().position;
    }

    /** One behind the last position that may be made together with {@link #next}. */
    public long blockEnd() {
        Lane lane = least();
        long block = lane.blockPositions;
        return Math.min(lane.end, lane.position - (lane.position - lane.base) % block + block);
    }

    /** The greatest position that was reached. */
    public long furthest() {
        long furthest = 0;
        for (Lane lane : lanes) {
            furthest = Math.max(furthest, lane.end == NO_END ? lane.position : 0);
        }
        return furthest;
    }

    /** Positions from {@link #next} up to this one, at most {@link #blockEnd}, are made. */
    public void madeUpTo(long position) {
        Lane lane = least();
        boolean blockEnded = (position - lane.base) % lane.blockPositions == 0;
        lane.position = blockEnded ? position + (lane.stride - 1) * lane.blockPositions : position;
        if (lane.position >= lane.end) {
            lanes.remove(lane);
        }
    }

    private Lane least() {
        Lane least = lanes.getFirst();
        for (int i = 1; i < lanes.size(); i++) {
            least = lanes.get(i).position < least.position ? lanes.get(i) : least;
        }
        return least;
    }

    /** For {@link SourceReader#snapshot}. */
    public byte[] snapshot() {
        ByteBuffer bytes = ByteBuffer.allocate(1 + Integer.BYTES + lanes.size() * LANE_BYTES);
        bytes.put(VERSION).putInt(lanes.size());
        lanes.stream()
                .sorted(Comparator.comparingLong(Lane::position))
                .forEach(lane ->
                        bytes.putLong(lane.position)
                                .putLong(lane.base)
                                .putLong(lane.blockPositions)
                                .putInt(lane.stride)
                                .putLong(lane.end));
        return bytes.array();
    }
}
