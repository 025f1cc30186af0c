package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import io.millrace.storage.WritableFile;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One execution. A file is written under a hidden name in the directory itself and gets its own when it is committed:
 *
 * <pre>
 *   .part-RUN-WRITER-NUMBER.FORMAT.inprogress      being written, or prepared
 *   part-RUN-WRITER-NUMBER.FORMAT                  committed
 * </pre>
 *
 * <p>RUN is one more than the greatest in the directory. Two executions that begin at once may take the same one; then
 * the later to create a file, or to commit one, fails. Nothing is ever replaced.
 *
 * <p>What fails or is stopped deletes its hidden files. Those of a process that was killed stay, seen by nobody, until
 * an execution in the same directory finds them a day old and closed. Thread-safe.
 */
final class FileSinkRun implements SinkRun {
    private static final Pattern NAME = Pattern.compile("\\.?part-(\\d+)-\\d+-\\d+\\..*");
    private static final String IN_PROGRESS = ".inprogress";

    /** No execution leaves a file untouched for so long. */
    private static final long ABANDONED_MILLIS = 24L * 60 * 60 * 1000;

    private final Storage storage;
    private final String directory;
    private final FileFormat format;
    private final ZoneId zone;
    private final SinkRequest request;
    private final long run;
    private final Set<String> unpublished = new HashSet<>();
    private boolean aborted;
    private boolean swept;

    FileSinkRun(Storage storage, String directory, FileFormat format, ZoneId zone, SinkRequest request) {
        this.storage = storage;
        this.directory = directory;
        this.format = format;
        this.zone = zone;
        this.request = request;
        storage.createDirectories(directory);
        long greatest = 0;
        for (StoredFile file : storage.listAll(directory)) {
            String location = file.location();
            Matcher name = NAME.matcher(location.substring(location.lastIndexOf('/') + 1));
            if (name.matches()) {
                greatest = Math.max(greatest, Long.parseLong(name.group(1)));
            }
        }
        this.run = greatest + 1;
    }

    @Override
    public SinkWriter open(int writerIndex, ReaderContext context) {
        return new FileSinkWriter(this, writerIndex, context);
    }

    Schema schema() {
        return request.schema();
    }

    boolean isBounded() {
        return request.bounded();
    }

    FileFormat format() {
        return format;
    }

    ZoneId zone() {
        return zone;
    }

    /** The final name of a writer's file, without the directory. */
    String name(int writer, int number) {
        return String.format(Locale.ROOT, "part-%05d-%d-%d.%s", run, writer, number, format.name());
    }

    private String hidden(String name) {
        return storage.resolve(directory, "." + name + IN_PROGRESS);
    }

    /** Creates a file that nobody sees yet. Blocks. */
    WritableFile create(String name) {
        synchronized (this) {
            if (aborted) {
                throw new MillraceException(ErrorCode.CANCELLED, "the sink was stopped");
            }
            unpublished.add(name);
        }
        WritableFile created = storage.create(hidden(name));
        boolean done = false;
        try {
            sweep(name);
            done = true;
            return created;
        } finally {
            if (!done) {
                created.close();
            }
        }
    }

    /** Deletes what killed executions left; the clock is the storage's own, by the file that was just created. */
    private void sweep(String created) {
        synchronized (this) {
            if (swept) {
                return;
            }
            swept = true;
        }
        long nowMillis = storage.look(hidden(created)).modifiedMillis();
        for (StoredFile file : storage.listAll(directory)) {
            String location = file.location();
            String name = location.substring(location.lastIndexOf('/') + 1);
            if (name.startsWith(".")
                    && name.endsWith(IN_PROGRESS)
                    && NAME.matcher(name).matches()
                    && file.modifiedMillis() < nowMillis - ABANDONED_MILLIS
                    && !storage.isBeingWritten(location)) {
                storage.delete(location);
            }
        }
    }

    @Override
    public void commit(long checkpoint, List<Prepared> prepared) {
        for (Prepared files : prepared) {
            for (String name : new String(files.bytes(), StandardCharsets.UTF_8).lines().toList()) {
                publish(name);
            }
        }
    }

    private void publish(String name) {
        String target = storage.resolve(directory, name);
        if (storage.exists(hidden(name))) {
            storage.publish(hidden(name), target);
        } else if (!storage.exists(target)) {
            throw new MillraceException(
                    ErrorCode.IO_FAILED, "the file " + hidden(name) + " that was written is no longer there");
        }
        synchronized (this) {
            unpublished.remove(name);
        }
    }

    @Override
    public void abort() {
        Set<String> names;
        synchronized (this) {
            aborted = true;
            names = Set.copyOf(unpublished);
            unpublished.clear();
        }
        for (String name : names) {
            storage.delete(hidden(name));
        }
    }

    @Override
    public void close() {}
}
