package io.millrace.state.checkpoint;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.storage.Storage;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A local directory that holds savepoints, each in a directory of its own. Immutable; methods block.
 *
 * @param directory it need not be there
 */
public record SavepointRoot(Path directory) {
    private static final Set<String> PARTS = Set.of(CheckpointStore.FILES, CheckpointStore.LOG);

    /**
     * Removes savepoints of which a process that died had written files but no record: they are none, and nobody can
     * start from them. Call it only while nobody can be writing one.
     */
    public void removeHalfWritten() {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                if (isHalfWritten(child)) {
                    Storage.at(child.toString()).deleteTree(child.toString());
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            // Whoever writes the first one says what is in the way.
        } catch (IOException failure) {
            throw failed(failure);
        } catch (DirectoryIteratorException failure) {
            throw failed(failure.getCause());
        }
    }

    private MillraceException failed(IOException failure) {
        return new MillraceException(ErrorCode.IO_FAILED, directory + ": " + failure.getMessage(), failure);
    }

    /** Whether it has the parts of a savepoint, nothing else, and no record. */
    private static boolean isHalfWritten(Path child) throws IOException {
        Path log = child.resolve(CheckpointStore.LOG);
        if (!isDirectory(child) || !isDirectory(log)) {
            return false;
        }
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(child)) {
            for (Path part : parts) {
                if (!PARTS.contains(part.getFileName().toString()) || !isDirectory(part)) {
                    return false;
                }
            }
        }
        return new SlotLog(Storage.at(log.toString()), log.toString()).slots().isEmpty();
    }

    private static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }
}
