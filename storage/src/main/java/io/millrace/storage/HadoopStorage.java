package io.millrace.storage;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.NearestName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.client.HdfsDataOutputStream;

/**
 * Files of a Hadoop file system. Configured by what Hadoop finds on the class path; where that is silent a name node
 * that does not answer is given up after seconds, not after a quarter of an hour.
 */
final class HadoopStorage implements Storage {
    private static final String REFUSED_RETRIES = "ipc.client.connect.max.retries";
    private static final String TIMEOUT_RETRIES = "ipc.client.connect.max.retries.on.timeouts";

    private final FileSystem fileSystem;

    private HadoopStorage(FileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    static HadoopStorage at(String location) {
        try {
            return new HadoopStorage(FileSystem.get(new Path(location).toUri(), configuration()));
        } catch (UnsupportedFileSystemException unknown) {
            throw unknownScheme(location, unknown);
        } catch (IOException failure) {
            throw StorageFailure.of("connecting to", location, failure);
        } catch (IllegalArgumentException malformed) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION,
                    "'" + location + "' is not a location: " + malformed.getMessage(),
                    malformed);
        } catch (RuntimeException failure) {
            // Hadoop knows the name of a class for some schemes that it does not bring.
            if (failure.getCause() instanceof ClassNotFoundException) {
                throw unknownScheme(location, failure);
            }
            throw failure;
        }
    }

    private static MillraceException unknownScheme(String location, Exception failure) {
        String scheme = location.substring(0, location.indexOf(':'));
        return new MillraceException(
                        ErrorCode.INVALID_OPTION,
                        location + ": expected a local path, file: or hdfs://, found the scheme " + scheme + ":",
                        failure)
                .withHelp("A Hadoop file system for " + scheme + ": on the class path would be used.");
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration();
        for (String key : List.of(REFUSED_RETRIES, TIMEOUT_RETRIES)) {
            String[] sources = configuration.getPropertySources(key);
            if (sources == null || sources.length == 0 || sources[sources.length - 1].endsWith("core-default.xml")) {
                configuration.setInt(key, 3);
            }
        }
        return configuration;
    }

    @Override
    public List<StoredFile> list(String location) {
        List<StoredFile> found = new ArrayList<>();
        try {
            FileStatus[] matches = fileSystem.globStatus(new Path(location));
            for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
                if (match.isDirectory()) {
                    listBelow(match.getPath(), found);
                } else {
                    found.add(stored(match));
                }
            }
        } catch (IOException failure) {
            throw StorageFailure.of("listing", location, failure);
        }
        if (found.isEmpty()) {
            throw notFound(location);
        }
        found.sort(Comparator.comparing(StoredFile::location));
        return found;
    }

    private void listBelow(Path directory, List<StoredFile> found) throws IOException {
        RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(directory, true);
        while (files.hasNext()) {
            FileStatus file = files.next();
            if (!isHidden(directory.toUri().relativize(file.getPath().toUri()))) {
                found.add(stored(file));
            }
        }
    }

    private static boolean isHidden(URI relative) {
        for (String name : relative.getPath().split("/", -1)) {
            if (name.startsWith(".") || name.startsWith("_")) {
                return true;
            }
        }
        return false;
    }

    private static StoredFile stored(FileStatus status) {
        return new StoredFile(status.getPath().toString(), status.getLen(), status.getModificationTime());
    }

    private MillraceException notFound(String location) {
        MillraceException missing =
                new MillraceException(ErrorCode.FILE_NOT_FOUND, "no file matches '" + location + "'");
        Path wanted = new Path(location);
        Path parent = wanted.getParent();
        if (parent == null) {
            return missing;
        }
        List<String> names = new ArrayList<>();
        try {
            for (FileStatus sibling : fileSystem.listStatus(parent)) {
                names.add(sibling.getPath().getName());
            }
        } catch (IOException unreadable) {
            return missing.withHelp("There is no directory " + parent + ".");
        }
        String nearest = NearestName.of(wanted.getName(), names);
        return nearest == null ? missing : missing.withHelp("Did you mean '" + new Path(parent, nearest) + "'?");
    }

    @Override
    public List<StoredFile> listAll(String directory) {
        List<StoredFile> found = new ArrayList<>();
        try {
            for (FileStatus status : fileSystem.listStatus(new Path(directory))) {
                if (status.isFile()) {
                    found.add(stored(status));
                }
            }
        } catch (FileNotFoundException missing) {
            return found;
        } catch (IOException failure) {
            throw StorageFailure.of("listing", directory, failure);
        }
        found.sort(Comparator.comparing(StoredFile::location));
        return found;
    }

    @Override
    public StoredFile look(String location) {
        try {
            FileStatus status = fileSystem.getFileStatus(new Path(location));
            if (status.isDirectory()) {
                throw new MillraceException(
                        ErrorCode.INVALID_OPTION, "expected a file, found a directory: " + location);
            }
            return stored(status);
        } catch (FileNotFoundException missing) {
            throw notFound(location);
        } catch (IOException failure) {
            throw StorageFailure.of("looking at", location, failure);
        }
    }

    @Override
    public boolean exists(String location) {
        try {
            return fileSystem.exists(new Path(location));
        } catch (IOException failure) {
            throw StorageFailure.of("looking at", location, failure);
        }
    }

    @Override
    public boolean isBeingWritten(String location) {
        try {
            return fileSystem instanceof DistributedFileSystem hdfs && !hdfs.isFileClosed(new Path(location));
        } catch (FileNotFoundException missing) {
            return false;
        } catch (IOException failure) {
            throw StorageFailure.of("looking at", location, failure);
        }
    }

    @Override
    public ReadableFile open(String location) {
        try {
            return new HadoopReadableFile(fileSystem.open(new Path(location)), location);
        } catch (FileNotFoundException missing) {
            throw notFound(location);
        } catch (IOException failure) {
            throw StorageFailure.of("opening", location, failure);
        }
    }

    @Override
    public WritableFile create(String location) {
        try {
            return new HadoopWritableFile(fileSystem.create(new Path(location), false), location);
        } catch (IOException failure) {
            if (failure.getClass().getSimpleName().contains("FileAlreadyExists")) {
                throw new MillraceException(
                        ErrorCode.ALREADY_EXISTS, "creating " + location + ": it is there already", failure);
            }
            throw StorageFailure.of("creating", location, failure);
        }
    }

    @Override
    public void publish(String from, String to) {
        try {
            FileContext context = FileContext.getFileContext(fileSystem.getUri(), fileSystem.getConf());
            // Without OVERWRITE the name node refuses to replace what is there.
            context.rename(new Path(from), new Path(to), Options.Rename.NONE);
        } catch (org.apache.hadoop.fs.FileAlreadyExistsException taken) {
            throw new MillraceException(ErrorCode.ALREADY_EXISTS, "publishing " + to + ": it is there already", taken);
        } catch (IOException failure) {
            throw StorageFailure.of("publishing", to, failure);
        }
    }

    @Override
    public void delete(String location) {
        try {
            boolean ignored = fileSystem.delete(new Path(location), false);
        } catch (IOException failure) {
            throw StorageFailure.of("deleting", location, failure);
        }
    }

    @Override
    public void deleteTree(String location) {
        try {
            boolean ignored = fileSystem.delete(new Path(location), true);
        } catch (IOException failure) {
            throw StorageFailure.of("deleting", location, failure);
        }
    }

    @Override
    public void createDirectories(String location) {
        try {
            boolean ignored = fileSystem.mkdirs(new Path(location));
        } catch (IOException failure) {
            throw StorageFailure.of("creating", location, failure);
        }
    }

    /** The name node writes names to its journal before it answers. */
    @Override
    public void syncDirectory(String location) {}

    private static final class HadoopReadableFile implements ReadableFile {
        private static final int STEP_BYTES = 1 << 20;

        private final FSDataInputStream stream;
        private final String location;

        HadoopReadableFile(FSDataInputStream stream, String location) {
            this.stream = stream;
            this.location = location;
        }

        @Override
        public void read(long offset, long toAddress, int lengthBytes) {
            boolean direct = stream.hasCapability(StreamCapabilities.PREADBYTEBUFFER);
            byte[] step = direct ? null : new byte[Math.min(STEP_BYTES, lengthBytes)];
            try {
                for (int done = 0; done < lengthBytes; ) {
                    int left = lengthBytes - done;
                    int n =
                            direct
                                    ? stream.read(offset + done, Mem.ALL.asSlice(toAddress + done, left).asByteBuffer())
                                    : stream.read(offset + done, step, 0, Math.min(step.length, left));
                    if (n < 0) {
                        throw new MillraceException(
                                ErrorCode.CORRUPT_DATA,
                                "file "
                                        + location
                                        + " ends at byte "
                                        + (offset + done)
                                        + ", expected "
                                        + (lengthBytes - done)
                                        + " bytes more");
                    }
                    if (!direct) {
                        Mem.copyIn(step, 0, toAddress + done, n);
                    }
                    done += n;
                }
            } catch (IOException failure) {
                throw StorageFailure.of("reading", location, failure);
            }
        }

        @Override
        public void close() {
            try {
                stream.close();
            } catch (IOException failure) {
                throw StorageFailure.of("closing", location, failure);
            }
        }
    }

    private static final class HadoopWritableFile implements WritableFile {
        private static final int STEP_BYTES = 64 << 10;

        private final FSDataOutputStream stream;
        private final String location;
        private final byte[] step = new byte[STEP_BYTES];
        private long lengthBytes;

        HadoopWritableFile(FSDataOutputStream stream, String location) {
            this.stream = stream;
            this.location = location;
        }

        @Override
        public void write(ByteBuffer bytes) {
            try {
                while (bytes.hasRemaining()) {
                    int n = Math.min(step.length, bytes.remaining());
                    bytes.get(step, 0, n);
                    stream.write(step, 0, n);
                    lengthBytes += n;
                }
            } catch (IOException failure) {
                throw StorageFailure.of("writing", location, failure);
            }
        }

        @Override
        public long lengthBytes() {
            return lengthBytes;
        }

        @Override
        public void sync() {
            try {
                if (stream instanceof HdfsDataOutputStream hdfs) {
                    hdfs.hsync(EnumSet.of(HdfsDataOutputStream.SyncFlag.UPDATE_LENGTH));
                } else {
                    stream.hsync();
                }
            } catch (IOException failure) {
                throw StorageFailure.of("syncing", location, failure);
            }
        }

        @Override
        public void close() {
            try {
                stream.close();
            } catch (IOException failure) {
                throw StorageFailure.of("closing", location, failure);
            }
        }
    }
}
