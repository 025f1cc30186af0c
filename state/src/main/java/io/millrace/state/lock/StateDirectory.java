package io.millrace.state.lock;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.storage.Storage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A directory that this engine alone uses until it closes it. Thread-safe; methods block. */
public final class StateDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String CHECKPOINTS = "checkpoints";
    private static final String SAVEPOINTS = "savepoints";
    private static final String TIER = "tier";
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs");
    private static final int MAX_OWNER_BYTES = 1_000;

    /**
     * Directories in use by this process and by whom. The system's lock is the process's, and any channel to the file
     * that is closed ends it: so within the process the file is never opened twice.
     */
    private static final Map<Path, String> IN_USE_HERE = new ConcurrentHashMap<>();

    private final Path directory;
    private final String owner;
    private final FileChannel channel;
    private boolean closed;

    private StateDirectory(Path directory, String owner, FileChannel channel) {
        this.directory = directory;
        this.owner = owner;
        this.channel = channel;
    }

    /**
     * Takes a directory, made when it is not there, and empties what did not outlive the engine before.
     *
     * @throws MillraceException STATE_IN_USE at once, naming the owner, when another engine has it
     */
    public static StateDirectory open(String location, Clock clock) {
        if (!Storage.isLocal(location)) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION, "expected a state directory on local disk, found " + location)
                    .withHelp("Give its location to --checkpoints, and a local directory to --state.");
        }
        String plain = location.startsWith("file:") ? location.replaceFirst("file:(//)?", "") : location;
        Storage.at(plain).createDirectories(plain);
        String owner = owner(clock);
        Path directory = realPath(plain);
        String here = IN_USE_HERE.putIfAbsent(directory, owner);
        if (here != null) {
            throw inUse(directory, here);
        }
        try {
            StateDirectory taken = new StateDirectory(directory, owner, lock(directory, owner));
            try {
                String tier = taken.tier().toString();
                Storage.at(tier).deleteTree(tier);
                Storage.at(tier).createDirectories(tier);
            } catch (RuntimeException failure) {
                taken.channel.close();
                throw failure;
            }
            return taken;
        } catch (IOException failure) {
            IN_USE_HERE.remove(directory);
            throw failed("locking", directory, failure);
        } catch (RuntimeException failure) {
            IN_USE_HERE.remove(directory);
            throw failure;
        }
    }

    /**
     * Whether files at this path, which need not be there, lie in memory: what is mapped of them counts as the
     * process's, and nothing of them outlives the machine.
     */
    public static boolean isInMemory(Path path) {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            return IN_MEMORY.contains(Files.getFileStore(existing).type());
        } catch (IOException unknown) {
            return false;
        }
    }

    private static Path realPath(String location) {
        try {
            return Path.of(location).toRealPath();
        } catch (IOException failure) {
            throw failed("looking at", Path.of(location), failure);
        }
    }

    private static FileChannel lock(Path directory, String owner) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(LOCK),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory, read(channel));
            }
            channel.truncate(0);
            ByteBuffer text = ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                channel.write(text, text.position());
            }
            return channel;
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAX_OWNER_BYTES);
        while (text.hasRemaining() && channel.read(text, text.position()) > 0) {
            // Until its end.
        }
        String owner = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        return owner.isEmpty() ? "a process that has just begun" : owner;
    }

    private static String owner(Clock clock) {
        Instant now = Instant.ofEpochSecond(clock.epochMicros() / 1_000_000);
        return "process " + ProcessHandle.current().pid() + " on " + host() + " since " + now;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "a host without a name";
        }
    }

    private static MillraceException inUse(Path directory, String owner) {
        return new MillraceException(
                        ErrorCode.STATE_IN_USE, "the state directory " + directory + " is in use by " + owner)
                .withHelp("Stop that process first, or give this job another --state DIR.");
    }

    private static MillraceException failed(String doing, Path path, IOException failure) {
        ErrorCode code = failure instanceof AccessDeniedException ? ErrorCode.PERMISSION_DENIED : ErrorCode.IO_FAILED;
        return new MillraceException(code, doing + " " + path + ": " + failure.getMessage(), failure);
    }

    public Path path() {
        return directory;
    }

    /** Who uses it, for people: this process. */
    public String owner() {
        return owner;
    }

    /** Where checkpoints go unless told otherwise. */
    public String checkpoints() {
        return directory.resolve(CHECKPOINTS).toString();
    }

    /** Where savepoints go unless told otherwise. */
    public String savepoints() {
        return directory.resolve(SAVEPOINTS).toString();
    }

    /** An empty directory at first; what is in it need not outlive the engine. */
    public Path tier() {
        return directory.resolve(TIER);
    }

    /** Lets others have it. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.close();
        } catch (IOException failure) {
            throw failed("closing", directory, failure);
        } finally {
            IN_USE_HERE.remove(directory);
        }
    }
}
