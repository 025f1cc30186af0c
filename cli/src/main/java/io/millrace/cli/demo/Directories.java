package io.millrace.cli.demo;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Directories that come and go with a demo. */
final class Directories {
    private Directories() {}

    /** Deletes a directory and what is in it, as far as it can; what stays is no harm. */
    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException inUse) {
            org.slf4j.LoggerFactory.getLogger(Directories.class).info("{} stays: {}", directory, inUse.getMessage());
        }
    }

    static MillraceException failed(String what, IOException why) {
        String reason =
                why instanceof FileSystemException known && known.getReason() != null
                        ? known.getReason()
                        : String.valueOf(why.getMessage());
        boolean full = reason.toLowerCase(Locale.ROOT).contains("no space left");
        ErrorCode code =
                why instanceof AccessDeniedException
                        ? ErrorCode.PERMISSION_DENIED
                        : full ? ErrorCode.DISK_FULL : ErrorCode.IO_FAILED;
        return new MillraceException(code, what + ": " + reason, why);
    }
}
