package io.millrace.state.checkpoint;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.storage.Storage;
import java.nio.file.Path;
import java.util.List;

/**
 * A checkpoint in the log, or what is left of one.
 *
 * @param slot its number
 * @param location of its record
 * @param manifest null when it cannot be read
 * @param damage null when it can be used: its record is whole and all its files are there in full length
 * @param files that it refers to are opened here
 */
public record LogEntry(long slot, String location, Manifest manifest, MillraceException damage, StateFiles files) {
    /** The checkpoint whose record lies at a path; null when the path is none of a record. */
    public static LogEntry at(String path) {
        if (SlotLog.slotOf(SlotLog.nameOf(path)) <= 0 || !Storage.at(path).exists(path)) {
            return null;
        }
        Storage storage = Storage.at(path);
        boolean isPath = Storage.isLocal(path) && !path.startsWith("file:");
        String location = isPath ? Path.of(path).toAbsolutePath().normalize().toString() : path;
        CheckpointStore store = CheckpointStore.open(parent(parent(location)), storage, Clock.system());
        LogEntry entry = of(storage, location, store);
        if (entry == null) {
            throw new MillraceException(ErrorCode.FILE_NOT_FOUND, path + ": no checkpoint, but the start of a job");
        }
        return entry;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** What a record says; null when it is no checkpoint's. */
    private static LogEntry of(Storage storage, String location, CheckpointStore store) {
        long slot = SlotLog.slotOf(SlotLog.nameOf(location));
        try {
            return SlotLog.read(storage, location) instanceof LogRecord.Checkpoint record
                    ? of(record.manifest(), location, store.missing(record.manifest()), store.files())
                    : null;
        } catch (MillraceException damage) {
            if (!isDamage(damage)) {
                throw damage;
            }
            return new LogEntry(slot, location, null, damage, store.files());
        }
    }

    static LogEntry of(Manifest manifest, String location, List<String> missing, StateFiles files) {
        MillraceException damage =
                missing.isEmpty() ? null : new MillraceException(ErrorCode.CORRUPT_DATA, missing.getFirst());
        return new LogEntry(manifest.checkpoint(), location, manifest, damage, files);
    }

    /** Whether the record is what is wrong, and not the way to it. */
    static boolean isDamage(MillraceException failure) {
        return failure.code() == ErrorCode.CORRUPT_DATA || failure.code() == ErrorCode.UNSUPPORTED;
    }

    public boolean isUsable() {
        return damage == null;
    }

    /** The checkpoint, whose record can be read, whatever is wrong with its files. */
    public FoundCheckpoint found() {
        return new FoundCheckpoint(manifest, location, files);
    }
}
