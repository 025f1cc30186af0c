package io.millrace.state.checkpoint;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import io.millrace.storage.ReadableFile;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import io.millrace.storage.WritableFile;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * The directory of files of a store. It knows which files this incarnation made and no checkpoint has yet: none of them
 * is swept.
 */
final class StoredFiles implements StateFiles {
    private static final Pattern HIDDEN = Pattern.compile("\\.([0-9]{1,18})-[0-9]{1,18}\\.inprogress");
    private static final int STEP_BYTES = 256 << 10;

    private final Storage storage;
    private final String directory;
    private final UnaryOperator<MillraceException> explain;
    private final UnaryOperator<MillraceException> explainDamage;
    private final AtomicLong created = new AtomicLong();

    /** Guards what follows; held while a file is deleted, so that none is found to be there and then deleted. */
    private final Object guard = new Object();

    private final Map<String, Long> publishedBefore = new HashMap<>();
    private Set<String> lastPublished = Set.of();
    private long published;

    private volatile long incarnation;

    /**
     * Files of a directory.
     *
     * @param explain says what a failure to write means: a later incarnation may have swept what was being written
     * @param explainDamage says what to do about a file that is not what was written
     */
    StoredFiles(
            Storage storage,
            String directory,
            UnaryOperator<MillraceException> explain,
            UnaryOperator<MillraceException> explainDamage) {
        this.storage = storage;
        this.directory = directory;
        this.explain = explain;
        this.explainDamage = explainDamage;
    }

    void begin(long newIncarnation) {
        incarnation = newIncarnation;
    }

    long incarnation() {
        return incarnation;
    }

    String location(String name) {
        return storage.resolve(directory, name);
    }

    @Override
    public Writer create() {
        return new FileWriter(newHidden());
    }

    private String newHidden() {
        if (incarnation == 0) {
            throw MillraceException.internal("files of a checkpoint are written by an incarnation that has begun");
        }
        return hidden();
    }

    private String hidden() {
        return location("." + incarnation + "-" + created.incrementAndGet() + ".inprogress");
    }

    @Override
    public CheckpointFile tryKeep(Path file) {
        String hidden = newHidden();
        if (!storage.tryLinkFrom(file, hidden)) {
            return null;
        }
        try (KeptFile kept = new KeptFile(file);
                FileWriter writer = new FileWriter(hidden, kept);
                Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(STEP_BYTES).address();
            int step;
            while ((step = kept.read(view(address, STEP_BYTES))) > 0) {
                writer.write(address, step);
            }
            return writer.finish();
        }
    }

    @Override
    public boolean tryLink(CheckpointFile file, Path to) {
        return storage.tryLinkTo(checkedLocation(file), to);
    }

    @Override
    public MillraceException explain(MillraceException damage) {
        return explainDamage.apply(damage);
    }

    @Override
    public Reader open(CheckpointFile file) {
        String location = checkedLocation(file);
        return new FileReader(storage.open(location), location, file);
    }

    private String checkedLocation(CheckpointFile file) {
        String location = location(file.name());
        if (!storage.exists(location)) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, location + ": the file of a checkpoint is missing");
        }
        StoredFile found = storage.look(location);
        if (found.lengthBytes() != file.lengthBytes()) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    location + ": expected " + file.lengthBytes() + " bytes, found " + found.lengthBytes());
        }
        return location;
    }

    /** Lengths of all files, by name. */
    Map<String, Long> lengths() {
        Map<String, Long> lengths = new HashMap<>();
        for (StoredFile file : storage.listAll(directory)) {
            lengths.put(SlotLog.nameOf(file.location()), file.lengthBytes());
        }
        return lengths;
    }

    /**
     * Takes a file under its own name, verified: by a second name for it where that can be, or a copy. Nobody writes to
     * a file once it has its name, and one with two names lies there until both are deleted.
     */
    void take(StateFiles from, CheckpointFile file) {
        String hidden = hidden();
        Path here = storage.localPath(hidden);
        boolean linked = here != null && from.tryLink(file, here);
        try (FileWriter writer = linked ? new FileWriter(hidden, new KeptFile(here)) : new FileWriter(hidden);
                Reader reader = from.open(file);
                Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(STEP_BYTES).address();
            while (reader.remainingBytes() > 0) {
                int step = (int) Math.min(STEP_BYTES, reader.remainingBytes());
                reader.read(address, step);
                writer.write(address, step);
            }
            reader.verify();
            writer.sync();
            if (!writer.takeName(file.name())) {
                throw new MillraceException(
                        ErrorCode.ALREADY_EXISTS, location(file.name()) + ": another file has this name");
            }
        }
    }

    /** Keeps a file until the second checkpoint from now on. */
    private void protect(String name) {
        synchronized (guard) {
            publishedBefore.put(name, published);
        }
    }

    /** A checkpoint with these names has been published. */
    void published(Set<String> names) {
        synchronized (guard) {
            published++;
            lastPublished = names;
        }
    }

    /**
     * Gives up protecting files that the last checkpoint refers to, and those that neither of two did since they were
     * made. Only who then reads the log and sweeps may call this: in between files are never less protected than this
     * says.
     *
     * @return which they are
     */
    List<String> unprotectPublished() {
        List<String> names = new ArrayList<>();
        synchronized (guard) {
            publishedBefore.forEach((name, before) -> {
                if (lastPublished.contains(name) || published - before >= 2) {
                    names.add(name);
                }
            });
            names.forEach(publishedBefore::remove);
        }
        return names;
    }

    /** Whether this incarnation made the file and has not given it up. */
    boolean isProtected(String name) {
        synchronized (guard) {
            return publishedBefore.containsKey(name);
        }
    }

    /** Files of this incarnation and those before it, and what dead incarnations began to write. */
    List<String> sweepable() {
        List<String> names = new ArrayList<>();
        for (StoredFile file : storage.listAll(directory)) {
            String name = SlotLog.nameOf(file.location());
            Matcher hidden = HIDDEN.matcher(name);
            long writer = CheckpointFile.incarnation(name);
            boolean isOld =
                    hidden.matches()
                            ? Long.parseLong(hidden.group(1)) < incarnation
                            : writer >= 0 && writer <= incarnation;
            if (isOld) {
                names.add(name);
            }
        }
        return names;
    }

    /** Deletes a file unless it is protected or {@code fenced} says no; whether it did. */
    boolean sweep(String name, BooleanSupplier fenced) {
        synchronized (guard) {
            if (publishedBefore.containsKey(name) || fenced.getAsBoolean()) {
                return false;
            }
            KillPoint.reach("retention.file.deleting");
            storage.delete(location(name));
            KillPoint.reach("retention.file.deleted");
            return true;
        }
    }

    /** Compares all bytes, those of damaged files too. */
    private boolean sameContent(String location, String other) {
        long length = storage.look(location).lengthBytes();
        if (storage.look(other).lengthBytes() != length) {
            return false;
        }
        try (ReadableFile a = storage.open(location);
                ReadableFile b = storage.open(other);
                Arena arena = Arena.ofConfined()) {
            long bytesA = arena.allocate(STEP_BYTES).address();
            long bytesB = arena.allocate(STEP_BYTES).address();
            for (long done = 0; done < length; done += STEP_BYTES) {
                int step = (int) Math.min(STEP_BYTES, length - done);
                a.read(done, bytesA, step);
                b.read(done, bytesB, step);
                if (!Mem.sameBytes(bytesA, bytesB, step)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Bytes at an address, for the length of a call. */
    private static ByteBuffer view(long address, int lengthBytes) {
        return Mem.ALL.asSlice(address, lengthBytes).asByteBuffer();
    }

    private final class FileWriter implements Writer {
        private final String hidden;
        private final WritableFile file;
        private final CRC32 crc32 = new CRC32();
        private final CRC32C crc32c = new CRC32C();
        private boolean open = true;
        private boolean finished;

        FileWriter(String hidden) {
            this(hidden, storage.create(hidden));
        }

        FileWriter(String hidden, WritableFile file) {
            this.hidden = hidden;
            this.file = file;
        }

        @Override
        public void write(long address, int lengthBytes) {
            crc32.update(view(address, lengthBytes));
            crc32c.update(view(address, lengthBytes));
            file.write(view(address, lengthBytes));
        }

        @Override
        public long lengthBytes() {
            return file.lengthBytes();
        }

        void sync() {
            KillPoint.reach("checkpoint.file.written");
            file.sync();
            KillPoint.reach("checkpoint.file.synced");
            open = false;
            file.close();
        }

        @Override
        public CheckpointFile finish() {
            try {
                return finishAndName();
            } catch (MillraceException failure) {
                throw explain.apply(failure);
            }
        }

        private CheckpointFile finishAndName() {
            long length = file.lengthBytes();
            sync();
            for (int attempt = 0; ; attempt++) {
                String name =
                        CheckpointFile.name(
                                incarnation, (int) crc32.getValue(), (int) crc32c.getValue(), length, attempt);
                if (takeName(name)) {
                    return new CheckpointFile(name, length, (int) crc32c.getValue());
                }
            }
        }

        /** Gives the file its name; false when another content has it. */
        boolean takeName(String name) {
            protect(name);
            try {
                storage.publish(hidden, location(name));
                KillPoint.reach("checkpoint.file.published");
            } catch (MillraceException failure) {
                if (failure.code() != ErrorCode.ALREADY_EXISTS) {
                    throw failure;
                }
                if (!sameContent(hidden, location(name))) {
                    return false;
                }
                storage.syncDirectory(directory);
                storage.delete(hidden);
            }
            finished = true;
            return true;
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                file.close();
            }
            if (!finished) {
                finished = true;
                storage.delete(hidden);
            }
        }
    }

    private static final class FileReader implements Reader {
        private final ReadableFile file;
        private final String location;
        private final CheckpointFile expected;
        private final CRC32C crc32c = new CRC32C();
        private long position;
        private boolean skipped;

        FileReader(ReadableFile file, String location, CheckpointFile expected) {
            this.file = file;
            this.location = location;
            this.expected = expected;
        }

        @Override
        public void read(long toAddress, int lengthBytes) {
            if (lengthBytes > remainingBytes()) {
                throw new MillraceException(
                        ErrorCode.CORRUPT_DATA,
                        location
                                + ": expected "
                                + lengthBytes
                                + " bytes at byte "
                                + position
                                + ", found "
                                + remainingBytes());
            }
            file.read(position, toAddress, lengthBytes);
            crc32c.update(view(toAddress, lengthBytes));
            position += lengthBytes;
        }

        @Override
        public void skip(long bytes) {
            if (bytes < 0 || bytes > remainingBytes()) {
                throw new MillraceException(
                        ErrorCode.CORRUPT_DATA,
                        location
                                + ": expected "
                                + bytes
                                + " bytes at byte "
                                + position
                                + ", found "
                                + remainingBytes());
            }
            position += bytes;
            skipped |= bytes > 0;
        }

        @Override
        public long remainingBytes() {
            return expected.lengthBytes() - position;
        }

        @Override
        public void verify() {
            try (Arena arena = Arena.ofConfined()) {
                long address = arena.allocate(STEP_BYTES).address();
                while (remainingBytes() > 0) {
                    read(address, (int) Math.min(STEP_BYTES, remainingBytes()));
                }
            }
            if (!skipped && (int) crc32c.getValue() != expected.crc32c()) {
                throw new MillraceException(
                        ErrorCode.CORRUPT_DATA,
                        location
                                + ": expected crc32c="
                                + Integer.toHexString(expected.crc32c())
                                + ", found "
                                + Integer.toHexString((int) crc32c.getValue()));
            }
        }

        @Override
        public void close() {
            file.close();
        }
    }

    /** Names of files of a manifest that are not there or have another length, with what is wrong. */
    List<String> missing(Manifest manifest, Map<String, Long> lengths) {
        Set<String> seen = new HashSet<>();
        return manifest.files()
                .filter(file -> seen.add(file.name()))
                .filter(file -> !Long.valueOf(file.lengthBytes()).equals(lengths.get(file.name())))
                .map(file ->
                        location(file.name())
                                + (lengths.containsKey(file.name())
                                        ? ": expected "
                                                + file.lengthBytes()
                                                + " bytes, found "
                                                + lengths.get(file.name())
                                        : ": the file of a checkpoint is missing"))
                .toList();
    }
}
