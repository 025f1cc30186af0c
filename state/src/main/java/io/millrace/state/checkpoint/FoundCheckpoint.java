package io.millrace.state.checkpoint;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.storage.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A checkpoint that was found by its path.
 *
 * @param manifest what it is
 * @param location of its record, as it can be given again
 * @param files that it refers to are opened here
 */
public record FoundCheckpoint(Manifest manifest, String location, StateFiles files) {
    /**
     * The checkpoint at a path: the newest of a state directory, of a store or of a savepoint, or the one whose record
     * in a log it is.
     *
     * @throws MillraceException FILE_NOT_FOUND when there is none, CORRUPT_DATA when it cannot be used
     */
    public static FoundCheckpoint at(String path) {
        if (SlotLog.slotOf(SlotLog.nameOf(path)) > 0 && Storage.at(path).exists(path)) {
            return ofRecord(path);
        }
        CheckpointStore store = CheckpointStore.at(path);
        FoundCheckpoint newest = store.newestFound();
        if (newest == null) {
            throw new MillraceException(
                    ErrorCode.FILE_NOT_FOUND, store.location() + ": a job began here, but has no checkpoint yet");
        }
        return newest;
    }

    private static FoundCheckpoint ofRecord(String path) {
        Storage storage = Storage.at(path);
        String location =
                Storage.isLocal(path) && !path.startsWith("file:") ? Path.of(path).toAbsolutePath().toString() : path;
        if (!(SlotLog.read(storage, location) instanceof LogRecord.Checkpoint record)) {
            throw new MillraceException(ErrorCode.FILE_NOT_FOUND, path + ": no checkpoint, but the start of a job");
        }
        CheckpointStore store = CheckpointStore.open(parent(parent(location)), storage, Clock.system());
        List<String> missing = store.missing(record.manifest());
        if (!missing.isEmpty()) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, missing.getFirst())
                    .withHelp("./millrace checkpoints ls " + store.location() + " says which are whole.");
        }
        return new FoundCheckpoint(record.manifest(), location, store.files());
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /**
     * Checks each byte of its files.
     *
     * @return what is wrong, a sentence a file; empty when nothing is
     */
    public List<String> verify() {
        List<String> damages = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (CheckpointFile file : manifest.files().toList()) {
            if (seen.add(file.name())) {
                try (StateFiles.Reader reader = files.open(file)) {
                    reader.verify();
                } catch (MillraceException damage) {
                    damages.add(damage.getMessage());
                }
            }
        }
        return damages;
    }
}
