package io.millrace.state.checkpoint;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

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
        LogEntry entry = LogEntry.at(path);
        if (entry == null) {
            return newest(path);
        }
        if (!entry.isUsable()) {
            throw entry.damage();
        }
        return entry.found();
    }

    private static FoundCheckpoint newest(String path) {
        CheckpointStore store = CheckpointStore.at(path);
        FoundCheckpoint newest = store.newestFound();
        if (newest == null) {
            throw new MillraceException(
                    ErrorCode.FILE_NOT_FOUND, store.location() + ": a job began here, but has no checkpoint yet");
        }
        return newest;
    }

    /**
     * Checks each byte of its files.
     *
     * @return what is wrong, a sentence a file; empty when nothing is
     */
    public List<String> verify() {
        List<String> damages = new ArrayList<>();
        verify(file -> true, damages::add);
        return damages;
    }

    /**
     * Checks each byte of its files.
     *
     * @param wanted asked of each file once
     * @param damaged told what is wrong, a sentence a file
     */
    public void verify(Predicate<CheckpointFile> wanted, Consumer<String> damaged) {
        for (CheckpointFile file : manifest.files().distinct().filter(wanted).toList()) {
            try (StateFiles.Reader reader = files.open(file)) {
                reader.verify();
            } catch (MillraceException damage) {
                damaged.accept(damage.getMessage());
            }
        }
    }
}
