package io.millrace.state.checkpoint;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import io.millrace.storage.ReadableFile;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import io.millrace.storage.WritableFile;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The log: a directory of records, each under its slot's number. Thread-safe; methods block. */
final class SlotLog {
    private static final Pattern SLOT = Pattern.compile("[0-9]{20}");
    private static final Pattern HIDDEN = Pattern.compile("\\.([0-9]{20})-[0-9]{1,19}\\.(begin|checkpoint)");

    /** After so many of others a slot is given up. */
    static final int MAX_CLAIMS = 10_000;

    private static final int READ_STEP_BYTES = 64 << 10;

    private final Storage storage;
    private final String directory;

    SlotLog(Storage storage, String directory) {
        this.storage = storage;
        this.directory = directory;
    }

    String directory() {
        return directory;
    }

    String location(long slot) {
        return storage.resolve(directory, name(slot));
    }

    static String name(long slot) {
        return String.format(Locale.ROOT, "%020d", slot);
    }

    /** The slot that a file's name says, or -1. */
    static long slotOf(String name) {
        return SLOT.matcher(name).matches() && name.compareTo("0" + Long.MAX_VALUE) <= 0 ? Long.parseLong(name) : -1;
    }

    /** What comes after the last slash. */
    static String nameOf(String location) {
        return location.substring(location.lastIndexOf('/') + 1);
    }

    /** The slots that are taken, in order. */
    List<Long> slots() {
        List<Long> slots = new ArrayList<>();
        for (StoredFile file : storage.listAll(directory)) {
            long slot = slotOf(nameOf(file.location()));
            if (slot > 0) {
                slots.add(slot);
            }
        }
        slots.sort(null);
        return slots;
    }

    /**
     * The last slot that is taken, 0 when none is. A listing of a large directory is not of one moment: the newest
     * record may be written after it passed, and the one before deleted before it came. Two in a row that agree did not
     * both meet that.
     */
    long last() {
        long last = lastOf(slots());
        while (true) {
            long again = lastOf(slots());
            if (again == last) {
                return last;
            }
            last = again;
        }
    }

    static long lastOf(List<Long> slots) {
        return slots.isEmpty() ? 0 : slots.getLast();
    }

    /** CORRUPT_DATA, naming the file, when it is not what was written. */
    LogRecord read(long slot) {
        return read(storage, location(slot));
    }

    static LogRecord read(Storage storage, String location) {
        LogRecord record = LogRecordReader.read(bytes(storage, location), location);
        String name = nameOf(location);
        if (slotOf(name) != record.slot()) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA, location + ": expected slot " + name + ", found " + record.slot());
        }
        return record;
    }

    static byte[] bytes(Storage storage, String location) {
        long length = storage.look(location).lengthBytes();
        if (length > LogRecordWriter.MAX_BYTES) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    location + ": expected at most " + LogRecordWriter.MAX_BYTES + " bytes, found " + length);
        }
        byte[] bytes = new byte[(int) length];
        try (ReadableFile file = storage.open(location);
                Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(READ_STEP_BYTES).address();
            for (int done = 0; done < bytes.length; done += READ_STEP_BYTES) {
                int step = Math.min(READ_STEP_BYTES, bytes.length - done);
                file.read(done, address, step);
                Mem.copyOut(address, bytes, done, step);
            }
        }
        return bytes;
    }

    /**
     * Claims the record's slot; ALREADY_EXISTS when it is taken. The bytes are safe before the name is there, the name
     * when this returns.
     *
     * @param hiddenName of the file until then; no other claim has it
     */
    void claim(LogRecord record, byte[] bytes, String hiddenName) {
        String hidden = storage.resolve(directory, hiddenName);
        String places = record instanceof LogRecord.Checkpoint ? "checkpoint.manifest" : "checkpoint.begin";
        WritableFile created = storage.create(hidden);
        try {
            try (WritableFile file = created) {
                file.write(ByteBuffer.wrap(bytes));
                KillPoint.reach(places + ".written");
                file.sync();
                KillPoint.reach(places + ".synced");
            }
            storage.publish(hidden, location(record.slot()));
            KillPoint.reach(places + ".published");
        } catch (MillraceException failure) {
            try {
                storage.delete(hidden);
            } catch (MillraceException left) {
                failure.addSuppressed(left);
            }
            throw failure;
        }
    }

    /** Claims the record's slot under a hidden name that nobody else has; false when the slot is taken. */
    boolean tryClaim(LogRecord record) {
        byte[] bytes = LogRecordWriter.write(record);
        for (int number = 0; number < MAX_CLAIMS; number++) {
            String hidden = hiddenBegin(record.slot(), number);
            try {
                claim(record, bytes, hidden);
                return true;
            } catch (MillraceException failure) {
                boolean taken = failure.code() == ErrorCode.ALREADY_EXISTS;
                boolean swept = failure.code() == ErrorCode.FILE_NOT_FOUND;
                if (!taken && !swept) {
                    throw failure;
                }
                if (isTaken(record.slot())) {
                    return false;
                }
            }
        }
        throw new MillraceException(ErrorCode.IO_FAILED, directory + ": too many claims that died");
    }

    void delete(long slot) {
        KillPoint.reach("retention.manifest.deleting");
        storage.delete(location(slot));
        KillPoint.reach("retention.manifest.deleted");
    }

    void deleteHidden(String hiddenName) {
        storage.delete(storage.resolve(directory, hiddenName));
    }

    /** Returns when what was deleted stays so. */
    void sync() {
        storage.syncDirectory(directory);
    }

    /** The name of a checkpoint that an incarnation is writing: nobody else has it. */
    static String hiddenCheckpoint(long slot, long incarnation) {
        return "." + name(slot) + "-" + incarnation + ".checkpoint";
    }

    /** A name for a start or skip that is being written; it is whose who creates it. */
    static String hiddenBegin(long slot, long number) {
        return "." + name(slot) + "-" + number + ".begin";
    }

    /** Deletes claims, up to a slot, that were never published by those who died over them. */
    void deleteClaims(long upToSlot) {
        for (StoredFile file : storage.listAll(directory)) {
            Matcher hidden = HIDDEN.matcher(nameOf(file.location()));
            if (hidden.matches() && slotOf(hidden.group(1)) <= upToSlot) {
                storage.delete(file.location());
            }
        }
    }

    boolean isTaken(long slot) {
        return storage.exists(location(slot));
    }
}
