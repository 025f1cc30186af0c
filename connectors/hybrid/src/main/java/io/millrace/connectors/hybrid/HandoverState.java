package io.millrace.connectors.hybrid;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.HandoverReport.Gap;
import io.millrace.connectors.api.ReplayableTopic.PartitionRange;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How far a handover is. Each reader states what it did itself and, once the cut is known, the facts that all share;
 * the first one also what its execution began with. The snapshot of a reader, written as {@link DataOutputStream} does:
 *
 * <pre>
 *   u8 version (2; in 1 the pinned partitions have no topic id) | u8 whether the topic is being read | i64 history rows, live rows, duplicates dropped
 *   u8 whether the cut is known, then the {@link Facts}
 *   blobs: none, or what history's first reader stated before a row was read
 *   blobs: snapshots of history's readers | blobs: of the topic's readers
 *   i32 partitions | per partition: i32 number, u8 own statement, u8 past its band, i64 undecided rows,
 *                    i32 kept of these | per row: i64 offset, UTF reason, i32 length, raw bytes
 *   blobs: i32 count | per blob: i32 length, bytes
 * </pre>
 */
final class HandoverState {
    private static final byte VERSION = 2;
    private static final byte WITHOUT_TOPIC_IDS = 1;

    boolean live;
    long historyRows;
    long liveRows;
    long duplicates;

    /** Null before the cut is known: then nothing was emitted. */
    Facts facts;

    /** What history's first reader stated before a row was read: which files there are. Null when not stated. */
    byte[] pins;

    final List<byte[]> history = new ArrayList<>();
    final List<byte[]> topic = new ArrayList<>();
    final Map<Integer, Band> bands = new TreeMap<>();

    /** What the cut was found to be, and from what. */
    record Facts(
            List<PartitionRange> pinned,
            Map<Integer, Long> cut,
            List<Gap> gaps,
            Set<Integer> withoutOverlap,
            boolean inexact,
            long heldMicros,
            long bandStartMicros,
            HistoryReach reach) {}

    /**
     * A partition's band.
     *
     * @param own whether by the reader that has the partition, else as it was when the execution began
     */
    record Band(boolean own, boolean past, long undecided, List<BadRecord> kept) {}

    /** What all readers of an execution stated. */
    static HandoverState of(List<byte[]> snapshots) {
        HandoverState all = new HandoverState();
        all.live = !snapshots.isEmpty();
        for (byte[] snapshot : snapshots) {
            HandoverState one = read(snapshot);
            all.live &= one.live;
            all.historyRows += one.historyRows;
            all.liveRows += one.liveRows;
            all.duplicates += one.duplicates;
            all.facts = one.facts == null ? all.facts : one.facts;
            all.pins = one.pins == null ? all.pins : one.pins;
            all.add(one);
        }
        return all;
    }

    /** Adds the snapshots and bands of another. */
    void add(HandoverState other) {
        history.addAll(other.history);
        topic.addAll(other.topic);
        other.bands.forEach((partition, band) -> bands.merge(partition, band, (a, b) -> b.own ? b : a));
    }

    /** What an execution that goes on from this states beside its own: bands as they were when it began. */
    void addTo(HandoverState state) {
        state.historyRows += historyRows;
        state.liveRows += liveRows;
        state.duplicates += duplicates;
        state.add(this);
        state.bands.replaceAll((partition, band) -> new Band(false, band.past, band.undecided, band.kept));
    }

    long undecided(int partition) {
        Band band = bands.get(partition);
        return band == null || band.past ? 0 : band.undecided;
    }

    boolean isPast(int partition) {
        Band band = bands.get(partition);
        return band != null && band.past;
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeBoolean(live);
            out.writeLong(historyRows);
            out.writeLong(liveRows);
            out.writeLong(duplicates);
            out.writeBoolean(facts != null);
            if (facts != null) {
                write(out, facts);
            }
            writeBlobs(out, pins == null ? List.of() : List.of(pins));
            writeBlobs(out, history);
            writeBlobs(out, topic);
            out.writeInt(bands.size());
            for (Map.Entry<Integer, Band> entry : bands.entrySet()) {
                Band band = entry.getValue();
                out.writeInt(entry.getKey());
                out.writeBoolean(band.own);
                out.writeBoolean(band.past);
                out.writeLong(band.undecided);
                out.writeInt(band.kept.size());
                for (BadRecord row : band.kept) {
                    out.writeLong(row.position());
                    out.writeUTF(row.reason());
                    out.writeInt(row.rawBytes().length);
                    out.write(row.rawBytes());
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Facts facts) throws IOException {
        out.writeInt(facts.pinned.size());
        for (PartitionRange range : facts.pinned) {
            out.writeUTF(range.topic());
            out.writeUTF(range.topicId());
            out.writeInt(range.partition());
            out.writeLong(range.earliestOffset());
            out.writeLong(range.endOffset());
        }
        writeOffsets(out, facts.cut);
        out.writeInt(facts.gaps.size());
        for (Gap gap : facts.gaps) {
            out.writeInt(gap.partition());
            out.writeLong(gap.from());
            out.writeLong(gap.to());
        }
        out.writeInt(facts.withoutOverlap.size());
        for (int partition : facts.withoutOverlap) {
            out.writeInt(partition);
        }
        out.writeBoolean(facts.inexact);
        out.writeLong(facts.heldMicros);
        out.writeLong(facts.bandStartMicros);
        out.writeLong(facts.reach.rows());
        out.writeLong(facts.reach.greatestMicros());
        writeOffsets(out, facts.reach.greatestOffsets());
    }

    private static void writeOffsets(DataOutputStream out, Map<Integer, Long> offsets) throws IOException {
        out.writeInt(offsets.size());
        for (Map.Entry<Integer, Long> offset : offsets.entrySet()) {
            out.writeInt(offset.getKey());
            out.writeLong(offset.getValue());
        }
    }

    private static void writeBlobs(DataOutputStream out, List<byte[]> blobs) throws IOException {
        out.writeInt(blobs.size());
        for (byte[] blob : blobs) {
            out.writeInt(blob.length);
            out.write(blob);
        }
    }

    private static HandoverState read(byte[] snapshot) {
        HandoverState read = new HandoverState();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
            byte version = in.readByte();
            if (version != VERSION && version != WITHOUT_TOPIC_IDS) {
                throw new MillraceException(
                                ErrorCode.UNSUPPORTED,
                                "expected a handover's state of version "
                                        + VERSION
                                        + " or less, found version "
                                        + version)
                        .withHelp("The checkpoint is of another version of Millrace.");
            }
            read.live = in.readBoolean();
            read.historyRows = in.readLong();
            read.liveRows = in.readLong();
            read.duplicates = in.readLong();
            read.facts = in.readBoolean() ? readFacts(in, version != WITHOUT_TOPIC_IDS) : null;
            List<byte[]> pins = new ArrayList<>();
            readBlobs(in, pins);
            read.pins = pins.isEmpty() ? null : pins.getFirst();
            readBlobs(in, read.history);
            readBlobs(in, read.topic);
            for (int i = in.readInt(); i > 0; i--) {
                int partition = in.readInt();
                read.bands.put(partition, readBand(in, partition));
            }
        } catch (IOException cut) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, "a handover's state ends too early", cut);
        }
        return read;
    }

    private static Band readBand(DataInputStream in, int partition) throws IOException {
        boolean own = in.readBoolean();
        boolean past = in.readBoolean();
        long undecided = in.readLong();
        List<BadRecord> kept = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            long offset = in.readLong();
            String reason = in.readUTF();
            kept.add(new BadRecord("partition " + partition, offset, reason, in.readNBytes(in.readInt())));
        }
        return new Band(own, past, undecided, kept);
    }

    private static Facts readFacts(DataInputStream in, boolean withIds) throws IOException {
        List<PartitionRange> pinned = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            String topic = in.readUTF();
            String id = withIds ? in.readUTF() : "";
            pinned.add(new PartitionRange(topic, id, in.readInt(), in.readLong(), in.readLong()));
        }
        Map<Integer, Long> cut = readOffsets(in);
        List<Gap> gaps = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            gaps.add(new Gap(in.readInt(), in.readLong(), in.readLong()));
        }
        Set<Integer> withoutOverlap = new HashSet<>();
        for (int i = in.readInt(); i > 0; i--) {
            withoutOverlap.add(in.readInt());
        }
        return new Facts(
                pinned,
                cut,
                gaps,
                withoutOverlap,
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                new HistoryReach(in.readLong(), in.readLong(), readOffsets(in)));
    }

    private static Map<Integer, Long> readOffsets(DataInputStream in) throws IOException {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            offsets.put(in.readInt(), in.readLong());
        }
        return offsets;
    }

    private static void readBlobs(DataInputStream in, List<byte[]> into) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            into.add(in.readNBytes(in.readInt()));
        }
    }
}
