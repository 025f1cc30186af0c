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
import java.util.regex.Pattern;

/**
 * Where savepoints lie, each in a directory of its own. Immutable; methods block.
 *
 * @param location of {@link Storage}; it need not be there
 */
public record SavepointRoot(String location) {
    /** Neither a path, nor hidden, nor another name of a directory above. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private static final Set<String> PARTS = Set.of(CheckpointStore.FILES, CheckpointStore.LOG);

    /**
     * Where a new savepoint of this name goes: right below, and nowhere else.
     *
     * @throws MillraceException INVALID_OPTION when it is no plain name, ALREADY_EXISTS when something has it, be it a
     *     link that leads elsewhere
     */
    public String place(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "expected a name for a savepoint of at most 128 letters, digits, dots, dashes and"
                                    + " underscores, the first a letter or digit; found '"
                                    + name
                                    + "'")
                    .withHelp(
                            "Savepoints that are asked for go to "
                                    + location
                                    + "; run the job with --savepoints to have them elsewhere.");
        }
        Storage storage = Storage.at(location);
        String place = storage.resolve(location, name);
        if (storage.exists(place)) {
            throw new MillraceException(ErrorCode.ALREADY_EXISTS, place + ": expected nothing there");
        }
        return place;
    }

    /**
     * Removes savepoints of which a process that died had written files but no record: they are none, and nobody can
     * start from them. Of a local directory; call it only while nobody can be writing one.
     */
    public void removeHalfWritten() {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(Storage.at(location).localPath(location))) {
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
        return new MillraceException(ErrorCode.IO_FAILED, location + ": " + failure.getMessage(), failure);
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
