package io.millrace.state.tier;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Directories in memory, where the system has such: for tests of many small files that need not survive, and would wait
 * for a disk at each.
 */
public final class InSharedMemory implements TempDirFactory {
    private static final Path SHARED = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws Exception {
        return Files.isDirectory(SHARED) && Files.isWritable(SHARED)
                ? Files.createTempDirectory(SHARED, "millrace-test-")
                : Files.createTempDirectory("millrace-test-");
    }
}
