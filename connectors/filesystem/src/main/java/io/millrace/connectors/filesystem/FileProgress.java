package io.millrace.connectors.filesystem;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was read of pinned files, by the numbers of their parts: a file's row groups follow each other, and so do the
 * files; a file of records is one part. Readers state what they did themselves; the first one also the files, and what
 * had been read when its execution began. Together, the furthest counts. The snapshot of a reader:
 *
 * <pre>
 *   u8 version (1) | u8 whether the sort by time had ended
 *   i32 files, or -1 when not stated | per file: i32 length, UTF-8 location; i64 length, i64 modification time
 *   bits of the parts that were read to their end
 *   i32 parts under way | per part: i32 number, i64 rows (of records: lines) from its start that were read
 *   i32 sorted parts    | per part: i32 number, bits of the rows that were emitted in the order of the sort
 *   bits: i32 length in bytes, the bytes, lowest bit first
 * </pre>
 *
 * <p>One thread.
 */
final class FileProgress {
    private static final byte VERSION = 1;

    private List<StoredFile> files = List.of();
    private final BitSet done = new BitSet();
    private final Map<Integer, Long> positions = new TreeMap<>();
    private final Map<Integer, BitSet> sortedRows = new TreeMap<>();
    private boolean sorted;

    /** What all readers of an execution stated; empty when nothing was. */
    static FileProgress of(List<byte[]> snapshots) {
        FileProgress all = new FileProgress();
        boolean allSorted = !snapshots.isEmpty();
        for (byte[] snapshot : snapshots) {
            FileProgress one = read(snapshot);
            allSorted &= one.sorted;
            all.add(one);
        }
        all.sorted = allSorted;
        if (!snapshots.isEmpty() && all.files.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA, "expected the files that were read in the checkpoint, found none");
        }
        return all;
    }

    /** Adds what another states. */
    void add(FileProgress other) {
        files = other.files.isEmpty() ? files : other.files;
        done.or(other.done);
        other.positions.forEach(this::readTo);
        other.sortedRows.forEach((part, rows) -> sortedRows(part).or(rows));
        positions.keySet().removeIf(done::get);
    }

    /** Nothing was restored. */
    boolean isNone() {
        return files.isEmpty();
    }

    void pin(List<StoredFile> pinned) {
        files = pinned;
    }

    List<StoredFile> files() {
        return files;
    }

    /** FILE_CHANGED, naming the first that is not as it was. */
    void checkFiles(Storage storage) {
        for (StoredFile file : files) {
            StoredFile now = storage.exists(file.location()) ? storage.look(file.location()) : null;
            if (!file.equals(now)) {
                throw new MillraceException(
                                ErrorCode.FILE_CHANGED,
                                "file "
                                        + file.location()
                                        + (now == null ? " is gone" : " changed")
                                        + " since it was pinned: expected lengthBytes="
                                        + file.lengthBytes()
                                        + " modifiedMillis="
                                        + file.modifiedMillis()
                                        + ", found "
                                        + (now == null
                                                ? "none"
                                                : "lengthBytes="
                                                        + now.lengthBytes()
                                                        + " modifiedMillis="
                                                        + now.modifiedMillis()))
                        .withHelp("Put the file back as it was, or start without the checkpoint.");
            }
        }
    }

    /** A part was read to its end. */
    void finish(int part) {
        done.set(part);
    }

    boolean isDone(int part) {
        return done.get(part);
    }

    /** A part was read up to here at least. */
    void readTo(int part, long position) {
        if (position > 0) {
            positions.merge(part, position, Math::max);
        }
    }

    /** How far a part was read. */
    long position(int part) {
        return positions.getOrDefault(part, 0L);
    }

    /** The rows of a part that were emitted in the order of a sort; for marking. */
    BitSet sortedRows(int part) {
        return sortedRows.computeIfAbsent(part, p -> new BitSet());
    }

    /** Whether a row was emitted in the order of a sort. */
    boolean isEmitted(int part, long row) {
        BitSet rows = sortedRows.get(part);
        return rows != null && rows.get((int) row);
    }

    /** Whether rows were emitted in the order of a sort. */
    boolean hasSortedRows() {
        return !sortedRows.isEmpty();
    }

    long sortedRowCount() {
        return sortedRows.values().stream().mapToLong(BitSet::cardinality).sum();
    }

    /** All parts were read into a sort, and their bad records told of. */
    boolean isSorted() {
        return sorted;
    }

    void setSorted() {
        sorted = true;
    }

    byte[] toBytes(boolean withFiles) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeBoolean(sorted);
            out.writeInt(withFiles ? files.size() : -1);
            if (withFiles) {
                for (StoredFile file : files) {
                    byte[] location = file.location().getBytes(StandardCharsets.UTF_8);
                    out.writeInt(location.length);
                    out.write(location);
                    out.writeLong(file.lengthBytes());
                    out.writeLong(file.modifiedMillis());
                }
            }
            writeBits(out, done);
            out.writeInt(positions.size());
            for (Map.Entry<Integer, Long> position : positions.entrySet()) {
                out.writeInt(position.getKey());
                out.writeLong(position.getValue());
            }
            out.writeInt(sortedRows.size());
            for (Map.Entry<Integer, BitSet> rows : sortedRows.entrySet()) {
                out.writeInt(rows.getKey());
                writeBits(out, rows.getValue());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void writeBits(DataOutputStream out, BitSet bits) throws IOException {
        byte[] bytes = bits.toByteArray();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static FileProgress read(byte[] snapshot) {
        FileProgress read = new FileProgress();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
            byte version = in.readByte();
            if (version != VERSION) {
                throw new MillraceException(
                                ErrorCode.UNSUPPORTED,
                                "expected positions in files of version " + VERSION + ", found version " + version)
                        .withHelp("The checkpoint is of another version of Millrace.");
            }
            read.sorted = in.readBoolean();
            int count = in.readInt();
            List<StoredFile> files = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String location = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                files.add(new StoredFile(location, in.readLong(), in.readLong()));
            }
            read.files = List.copyOf(files);
            read.done.or(BitSet.valueOf(in.readNBytes(in.readInt())));
            for (int i = in.readInt(); i > 0; i--) {
                read.readTo(in.readInt(), in.readLong());
            }
            for (int i = in.readInt(); i > 0; i--) {
                read.sortedRows(in.readInt()).or(BitSet.valueOf(in.readNBytes(in.readInt())));
            }
        } catch (IOException cut) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, "positions in files end too early", cut);
        }
        return read;
    }
}
