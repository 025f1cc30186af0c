package io.millrace.state.checkpoint;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.storage.ReadableFile;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import io.millrace.storage.WritableFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A disk in memory. Each call asks a hook first, which may throw, or stop the caller for good. It keeps apart what a
 * crash of the machine would leave: bytes that were synced under names whose directory was synced. Thread-safe.
 */
final class MemoryStorage implements Storage {
    private static final class Inode {
        byte[] bytes = {};
        byte[] synced = {};
    }

    private final SortedMap<String, Inode> names = new TreeMap<>();
    private final SortedMap<String, Inode> durable = new TreeMap<>();
    private Consumer<String> hook = call -> {};

    /**
     * Asked before each call, with its name; when it changes something, again after it, with "after" before the name.
     */
    synchronized void hook(Consumer<String> newHook) {
        hook = newHook;
    }

    /**
     * What a disk may hold after the power failed: synced bytes under synced names; of names that were made or removed
     * and not synced, any.
     */
    synchronized MemoryStorage afterPowerLoss(Random random) {
        MemoryStorage left = new MemoryStorage();
        SortedMap<String, Inode> all = new TreeMap<>(durable);
        all.putAll(names);
        all.forEach((name, inode) -> {
            boolean settled = names.get(name) == durable.get(name);
            if (settled || random.nextBoolean()) {
                left.put(name, inode.synced);
            }
        });
        return left;
    }

    /** What a disk holds after the process was killed. */
    synchronized MemoryStorage afterKill() {
        MemoryStorage left = new MemoryStorage();
        names.forEach((name, inode) -> left.put(name, inode.bytes));
        return left;
    }

    synchronized void put(String name, byte[] bytes) {
        Inode inode = new Inode();
        inode.bytes = bytes.clone();
        inode.synced = bytes.clone();
        names.put(name, inode);
        durable.put(name, inode);
    }

    synchronized byte[] get(String name) {
        return names.get(name).bytes.clone();
    }

    synchronized List<String> names() {
        return List.copyOf(names.keySet());
    }

    private synchronized Consumer<String> hook() {
        return hook;
    }

    private void change(String call, Runnable change) {
        hook().accept(call);
        synchronized (this) {
            change.run();
        }
        hook().accept("after " + call);
    }

    private static String parent(String name) {
        return name.substring(0, name.lastIndexOf('/'));
    }

    private synchronized Inode inode(String location) {
        Inode inode = names.get(location);
        if (inode == null) {
            throw new MillraceException(ErrorCode.FILE_NOT_FOUND, location + ": there is no such file");
        }
        return inode;
    }

    @Override
    public List<StoredFile> list(String location) {
        return listAll(location);
    }

    @Override
    public List<StoredFile> listAll(String directory) {
        hook().accept("list " + directory);
        return filesIn(directory);
    }

    private synchronized List<StoredFile> filesIn(String directory) {
        List<StoredFile> found = new ArrayList<>();
        names.forEach((name, inode) -> {
            if (parent(name).equals(directory)) {
                found.add(new StoredFile(name, inode.bytes.length, 0));
            }
        });
        return found;
    }

    @Override
    public StoredFile look(String location) {
        hook().accept("look " + location);
        return new StoredFile(location, inode(location).bytes.length, 0);
    }

    @Override
    public boolean exists(String location) {
        hook().accept("exists " + location);
        return isThere(location);
    }

    private synchronized boolean isThere(String location) {
        return names.containsKey(location);
    }

    @Override
    public ReadableFile open(String location) {
        hook().accept("open " + location);
        Inode inode = inode(location);
        return new ReadableFile() {
            @Override
            public void read(long offset, long toAddress, int lengthBytes) {
                if (offset + lengthBytes > inode.bytes.length) {
                    throw new MillraceException(ErrorCode.CORRUPT_DATA, location + " ends too early");
                }
                Mem.copyIn(inode.bytes, (int) offset, toAddress, lengthBytes);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public WritableFile create(String location) {
        Inode inode = new Inode();
        change(
                "create " + location,
                () -> {
                    if (names.putIfAbsent(location, inode) != null) {
                        throw taken(location);
                    }
                });
        return new Writing(location, inode);
    }

    private static MillraceException taken(String location) {
        return new MillraceException(ErrorCode.ALREADY_EXISTS, location + ": it is there already");
    }

    /** As a local disk does it: a link, a sync of the directory, then the old name goes. */
    @Override
    public void publish(String from, String to) {
        change(
                "link " + to,
                () -> {
                    Inode inode = inode(from);
                    if (names.putIfAbsent(to, inode) != null) {
                        throw taken(to);
                    }
                });
        syncDirectory(parent(to));
        delete(from);
    }

    @Override
    public void delete(String location) {
        change("delete " + location, () -> names.remove(location));
    }

    @Override
    public void deleteTree(String location) {
        change("delete tree " + location, () -> names.keySet().removeIf(name -> name.startsWith(location + "/")));
    }

    @Override
    public void createDirectories(String location) {}

    @Override
    public void syncDirectory(String location) {
        change(
                "sync " + location,
                () -> {
                    durable.keySet().removeIf(name -> parent(name).equals(location) && !names.containsKey(name));
                    names.forEach((name, inode) -> {
                        if (parent(name).equals(location)) {
                            durable.put(name, inode);
                        }
                    });
                });
    }

    private final class Writing implements WritableFile {
        private final String location;
        private final Inode inode;
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        Writing(String location, Inode inode) {
            this.location = location;
            this.inode = inode;
        }

        @Override
        public void write(ByteBuffer bytes) {
            byte[] more = new byte[bytes.remaining()];
            bytes.get(more);
            // Half of it first, so that a file may be found torn.
            for (int half = 0; half < 2; half++) {
                int from = half * (more.length / 2);
                int to = half == 0 ? more.length / 2 : more.length;
                change(
                        "write " + location,
                        () -> {
                            written.write(more, from, to - from);
                            inode.bytes = written.toByteArray();
                        });
            }
        }

        @Override
        public long lengthBytes() {
            return written.size();
        }

        @Override
        public void sync() {
            change("sync " + location, () -> inode.synced = inode.bytes);
        }

        @Override
        public void close() {}
    }
}
