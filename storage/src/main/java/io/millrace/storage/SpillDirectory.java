package io.millrace.storage;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory of this process for what does not fit into memory, with a budget of disk. Its files are gone when it is
 * closed; those of processes that are no more are deleted when another begins. Thread-safe; methods may block.
 *
 * <pre>
 *   PARENT/millrace-spill-PROCESS-RANDOM/NAME
 * </pre>
 */
public final class SpillDirectory implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("millrace-spill-(\\d+)-.*");

    private final Path directory;
    private final long budgetBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    private SpillDirectory(Path directory, long budgetBytes) {
        this.directory = directory;
        this.budgetBytes = budgetBytes;
    }

    /** Where the system keeps what is temporary, with half of what is free there. */
    public static SpillDirectory temporary() {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            return open(parent, Files.getFileStore(parent).getUsableSpace() / 2);
        } catch (IOException failure) {
            throw StorageFailure.of("looking at", parent.toString(), failure);
        }
    }

    /** A new directory below {@code parent}; deletes what dead processes left there. */
    public static SpillDirectory open(Path parent, long budgetBytes) {
        sweep(parent);
        String prefix = "millrace-spill-" + ProcessHandle.current().pid() + "-";
        try {
            return new SpillDirectory(Files.createTempDirectory(parent, prefix), budgetBytes);
        } catch (IOException failure) {
            throw StorageFailure.of("creating a directory in", parent.toString(), failure);
        }
    }

    private static void sweep(Path parent) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, "millrace-spill-*")) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    LocalStorage.INSTANCE.deleteTree(entry.toString());
                }
            }
        } catch (IOException failure) {
            throw StorageFailure.of("listing", parent.toString(), failure);
        }
    }

    /** The location of a file in it. */
    public String resolve(String name) {
        return directory.resolve(name).toString();
    }

    /** Where its files are read and written. */
    public Storage storage() {
        return LocalStorage.INSTANCE;
    }

    /** Counts bytes that were written; DISK_FULL, with nothing counted, past the budget. */
    public void reserve(long bytes) {
        long used = usedBytes.addAndGet(bytes);
        if (used > budgetBytes) {
            usedBytes.addAndGet(-bytes);
            throw new MillraceException(
                            ErrorCode.DISK_FULL,
                            "spilling to " + directory + ": expected at most " + budgetBytes + " bytes, found " + used)
                    .withHelp("Free disk space there, or give the process another java.io.tmpdir.");
        }
    }

    public long usedBytes() {
        return usedBytes.get();
    }

    @Override
    public void close() {
        LocalStorage.INSTANCE.deleteTree(directory.toString());
    }
}
