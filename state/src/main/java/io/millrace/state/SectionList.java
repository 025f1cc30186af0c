package io.millrace.state;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.tier.RestoredRun;
import io.millrace.state.tier.TierRun;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint has of one state: its sections, the oldest first. The inline bytes of its {@link StateEntry},
 * little-endian:
 *
 * <pre>
 *   i8 version | i8 1 for a pane, 0 for none | i64 pane | i32 sections | sections
 *   a section   i32 index of its file among the entry's | i64 offset | i32 length | i32 CRC32C | i32 records
 *   version 1   of a state that is all in memory; 4, of one with rows that are not, goes on with
 *   i32 runs | runs, the oldest first
 *   a run       i32 index of its file | i64 number | i8 bits of a bucket | i8 1 if it may hold changes | i64 rows
 *   version 3   was as 4 is, of runs without an index
 *   version 2   was as 3 is, of runs whose entries are by bucket, then number, and not the other way round
 * </pre>
 *
 * @param pane null for none
 * @param rows that the state had in memory
 * @param runs of the rows that were not, the oldest first
 */
record SectionList(
        String name,
        StateEntry.Kind kind,
        String layout,
        Long pane,
        List<Section> sections,
        long rows,
        List<TierRun> runs) {
    private static final byte VERSION = 1;
    private static final byte WITH_RUNS_BY_BUCKET = 2;
    private static final byte WITH_RUNS = 4;
    private static final int RUN_BYTES = 22;
    private static final int HEADER_BYTES = 14;
    private static final int SECTION_BYTES = 24;

    /** The sections alone. */
    SectionList(String name, StateEntry.Kind kind, String layout, Long pane, List<Section> sections, long rows) {
        this(name, kind, layout, pane, sections, rows, List.of());
    }

    /** As the manifest has it; only when all sections are written and all runs copied. */
    StateEntry toEntry() {
        Map<CheckpointFile, Integer> files = new LinkedHashMap<>();
        ByteBuffer bytes =
                ByteBuffer.allocate(
                                HEADER_BYTES
                                        + SECTION_BYTES * sections.size()
                                        + (runs.isEmpty() ? 0 : 4 + RUN_BYTES * runs.size()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(runs.isEmpty() ? VERSION : WITH_RUNS)
                .put((byte) (pane == null ? 0 : 1))
                .putLong(pane == null ? 0 : pane);
        bytes.putInt(sections.size());
        for (Section section : sections) {
            int index = files.computeIfAbsent(section.file(), file -> files.size());
            bytes.putInt(index)
                    .putLong(section.offsetBytes())
                    .putInt(section.lengthBytes)
                    .putInt(section.crc32c())
                    .putInt(section.records);
        }
        long allRows = rows;
        if (!runs.isEmpty()) {
            bytes.putInt(runs.size());
            for (TierRun run : runs) {
                bytes.putInt(files.computeIfAbsent(run.file(), file -> files.size()))
                        .putLong(run.number())
                        .put((byte) run.bits())
                        .put((byte) (run.isChanged() ? 1 : 0))
                        .putLong(run.rows());
                allRows += run.rows();
            }
        }
        return new StateEntry(name, kind, layout, bytes.array(), List.copyOf(files.keySet()), allRows);
    }

    /** As {@link #toEntry} wrote it. */
    static SectionList of(StateEntry entry) {
        ByteBuffer bytes = ByteBuffer.wrap(entry.inline()).order(ByteOrder.LITTLE_ENDIAN);
        try {
            checkVersion(entry, bytes.get());
            boolean hasPane = bytes.get() != 0;
            long pane = bytes.getLong();
            int count = bytes.getInt();
            List<Section> sections = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                CheckpointFile file = entry.files().get(bytes.getInt());
                sections.add(Section.restored(file, bytes.getLong(), bytes.getInt(), bytes.getInt(), bytes.getInt()));
            }
            return new SectionList(
                    entry.name(), entry.kind(), entry.layout(), hasPane ? pane : null, sections, entry.rows());
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA, "state " + entry.name() + ": its list of sections is damaged", e);
        }
    }

    private static void checkVersion(StateEntry entry, byte version) {
        if (version < VERSION || version > WITH_RUNS) {
            throw new MillraceException(
                    ErrorCode.UNSUPPORTED,
                    "state "
                            + entry.name()
                            + ": expected version="
                            + VERSION
                            + " to "
                            + WITH_RUNS
                            + ", found "
                            + version);
        }
    }

    /** Whether it is a state of which not all rows were in memory. */
    static boolean hasRuns(StateEntry entry) {
        byte version = entry.inline().length > 0 ? entry.inline()[0] : VERSION;
        return entry.kind() != StateEntry.Kind.VALUE && version >= WITH_RUNS_BY_BUCKET && version <= WITH_RUNS;
    }

    /** The runs that {@link #toEntry} wrote. */
    static List<RestoredRun> runsOf(StateEntry entry) {
        ByteBuffer bytes = ByteBuffer.wrap(entry.inline()).order(ByteOrder.LITTLE_ENDIAN);
        List<RestoredRun> runs = new ArrayList<>();
        try {
            byte version = bytes.get();
            checkVersion(entry, version);
            if (version == VERSION) {
                return runs;
            }
            int sections = bytes.getInt(HEADER_BYTES - 4);
            bytes.position(Math.addExact(HEADER_BYTES, Math.multiplyExact(SECTION_BYTES, sections)));
            int count = bytes.getInt();
            for (int i = 0; i < count; i++) {
                CheckpointFile file = entry.files().get(bytes.getInt());
                long number = bytes.getLong();
                int bits = bytes.get();
                boolean changed = bytes.get() != 0;
                long rows = bytes.getLong();
                runs.add(new RestoredRun(number, bits, rows, changed, version == WITH_RUNS_BY_BUCKET, file));
            }
            return runs;
        } catch (BufferUnderflowException
                | IndexOutOfBoundsException
                | ArithmeticException
                | IllegalArgumentException e) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA, "state " + entry.name() + ": its list of runs is damaged", e);
        }
    }

    /** Bytes of all sections. */
    long lengthBytes() {
        long bytes = 0;
        for (Section section : sections) {
            bytes += section.lengthBytes;
        }
        return bytes;
    }

    long records() {
        long records = 0;
        for (Section section : sections) {
            records += section.records;
        }
        return records;
    }
}
