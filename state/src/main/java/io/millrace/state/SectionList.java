package io.millrace.state;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.StateEntry;
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
 *   i8 version 1 | i8 1 for a pane, 0 for none | i64 pane | i32 sections
 *   a section   i32 index of its file among the entry's | i64 offset | i32 length | i32 CRC32C | i32 records
 * </pre>
 *
 * @param pane null for none
 * @param rows that the state had
 */
record SectionList(String name, StateEntry.Kind kind, String layout, Long pane, List<Section> sections, long rows) {
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 14;
    private static final int SECTION_BYTES = 24;

    /** As the manifest has it; only when all sections are written. */
    StateEntry toEntry() {
        Map<CheckpointFile, Integer> files = new LinkedHashMap<>();
        ByteBuffer bytes =
                ByteBuffer.allocate(HEADER_BYTES + SECTION_BYTES * sections.size()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(VERSION).put((byte) (pane == null ? 0 : 1)).putLong(pane == null ? 0 : pane);
        bytes.putInt(sections.size());
        for (Section section : sections) {
            int index = files.computeIfAbsent(section.file(), file -> files.size());
            bytes.putInt(index)
                    .putLong(section.offsetBytes())
                    .putInt(section.lengthBytes)
                    .putInt(section.crc32c())
                    .putInt(section.records);
        }
        return new StateEntry(name, kind, layout, bytes.array(), List.copyOf(files.keySet()), rows);
    }

    /** As {@link #toEntry} wrote it. */
    static SectionList of(StateEntry entry) {
        ByteBuffer bytes = ByteBuffer.wrap(entry.inline()).order(ByteOrder.LITTLE_ENDIAN);
        try {
            byte version = bytes.get();
            if (version != VERSION) {
                throw new MillraceException(
                        ErrorCode.UNSUPPORTED,
                        "state " + entry.name() + ": expected version=" + VERSION + ", found " + version);
            }
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
