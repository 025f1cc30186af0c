package io.millrace.storage;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.NearestName;
import io.millrace.memory.fault.KillPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/** Files of the machine. */
final class LocalStorage implements Storage {
    static final LocalStorage INSTANCE = new LocalStorage();

    private static final String GLOB_CHARACTERS = "*?[{";

    private LocalStorage() {}

    private static Path path(String location) {
        try {
            return Path.of(plain(location));
        } catch (InvalidPathException malformed) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION, "'" + location + "' is not a path: " + malformed.getReason(), malformed);
        }
    }

    /** Without {@code file:} and an empty host; not by way of a URI, in which globs cannot be written. */
    private static String plain(String location) {
        if (!location.startsWith("file:")) {
            return location;
        }
        return location.startsWith("file://") ? location.substring(7) : location.substring(5);
    }

    @Override
    public List<StoredFile> list(String location) {
        String text = plain(location);
        Path plain = isGlob(text) ? null : path(text);
        List<StoredFile> found = new ArrayList<>();
        try {
            if (plain != null) {
                BasicFileAttributes attributes = Files.readAttributes(plain, BasicFileAttributes.class);
                if (attributes.isDirectory()) {
                    walk(plain, Integer.MAX_VALUE, null, found);
                } else {
                    found.add(look(text));
                }
            } else {
                Path base = globBase(text);
                int depth = text.contains("**") ? Integer.MAX_VALUE : path(text).getNameCount() - base.getNameCount();
                String pattern = base.toString().isEmpty() || base.isAbsolute() ? text : Path.of(text).toString();
                PathMatcher matcher = base.getFileSystem().getPathMatcher("glob:" + pattern);
                if (Files.isDirectory(base.toString().isEmpty() ? Path.of(".") : base)) {
                    walk(base, depth, matcher, found);
                }
            }
        } catch (NoSuchFileException missing) {
            throw notFound(text);
        } catch (IOException failure) {
            throw StorageFailure.of("listing", location, failure);
        }
        if (found.isEmpty()) {
            throw notFound(text);
        }
        found.sort(Comparator.comparing(StoredFile::location));
        return found;
    }

    private static boolean isGlob(String text) {
        boolean special = text.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0);
        return special && !Files.exists(path(text));
    }

    /** The directories above the first name with a special character. */
    private static Path globBase(String text) {
        int first = 0;
        while (GLOB_CHARACTERS.indexOf(text.charAt(first)) < 0) {
            first++;
        }
        int slash = text.lastIndexOf('/', first);
        return slash < 0 ? Path.of("") : slash == 0 ? Path.of("/") : Path.of(text.substring(0, slash));
    }

    private static void walk(Path base, int depth, PathMatcher matcher, List<StoredFile> found) throws IOException {
        boolean here = base.toString().isEmpty();
        Path start = here ? Path.of(".") : base;
        Files.walkFileTree(
                start,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                depth,
                new SimpleFileVisitor<>() {
                    private Path named(Path path) {
                        return here ? start.relativize(path) : path;
                    }

                    @Override
                    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                        return directory.equals(start) || !isHidden(directory)
                                ? FileVisitResult.CONTINUE
                                : FileVisitResult.SKIP_SUBTREE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        Path path = named(file);
                        if (attributes.isRegularFile()
                                && !isHidden(file)
                                && (matcher == null || matcher.matches(path))) {
                            found.add(stored(path.toString(), attributes));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static boolean isHidden(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") || name.startsWith("_");
    }

    private static StoredFile stored(String location, BasicFileAttributes attributes) {
        return new StoredFile(location, attributes.size(), attributes.lastModifiedTime().toMillis());
    }

    private static MillraceException notFound(String location) {
        MillraceException missing =
                new MillraceException(ErrorCode.FILE_NOT_FOUND, "no file matches '" + location + "'");
        Path wanted = path(location).toAbsolutePath().normalize();
        Path existing = wanted.getParent();
        Path absent = wanted;
        while (existing != null && !Files.isDirectory(existing)) {
            absent = existing;
            existing = existing.getParent();
        }
        if (existing == null) {
            return missing;
        }
        String nearest = NearestName.of(absent.getFileName().toString(), names(existing));
        if (nearest != null) {
            return missing.withHelp("Did you mean '" + existing.resolve(nearest) + "'?");
        }
        return absent.equals(wanted)
                ? missing.withHelp("The directory " + existing + " holds no such name.")
                : missing.withHelp("There is no directory " + absent + ".");
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(p -> p.getFileName().toString()).sorted().limit(10_000).toList();
        } catch (IOException | UncheckedIOException unreadable) {
            return List.of();
        }
    }

    @Override
    public List<StoredFile> listAll(String directory) {
        List<StoredFile> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(directory))) {
            for (Path entry : entries) {
                BasicFileAttributes attributes = attributesOrNull(entry);
                if (attributes != null && attributes.isRegularFile()) {
                    found.add(stored(entry.toString(), attributes));
                }
            }
        } catch (NoSuchFileException missing) {
            return found;
        } catch (IOException | DirectoryIteratorException failure) {
            IOException cause = failure instanceof DirectoryIteratorException d ? d.getCause() : (IOException) failure;
            throw StorageFailure.of("listing", directory, cause);
        }
        found.sort(Comparator.comparing(StoredFile::location));
        return found;
    }

    /** Null when it was deleted meanwhile. */
    private static BasicFileAttributes attributesOrNull(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    @Override
    public StoredFile look(String location) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path(location), BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new MillraceException(
                        ErrorCode.INVALID_OPTION,
                        "expected a file, found a "
                                + (attributes.isDirectory() ? "directory" : "device or pipe")
                                + ": "
                                + location);
            }
            return stored(location, attributes);
        } catch (NoSuchFileException missing) {
            throw notFound(location);
        } catch (IOException failure) {
            throw StorageFailure.of("looking at", location, failure);
        }
    }

    @Override
    public boolean exists(String location) {
        return Files.exists(path(location), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public ReadableFile open(String location) {
        try {
            FileChannel channel = FileChannel.open(path(location), StandardOpenOption.READ);
            return new LocalReadableFile(channel, location);
        } catch (NoSuchFileException missing) {
            throw notFound(location);
        } catch (IOException failure) {
            throw StorageFailure.of("opening", location, failure);
        }
    }

    @Override
    public WritableFile create(String location) {
        Path path = path(location);
        try {
            createDirectories(path.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new LocalWritableFile(channel, location);
        } catch (IOException failure) {
            throw StorageFailure.of("creating", location, failure);
        }
    }

    @Override
    public void publish(String from, String to) {
        Path source = path(from);
        Path target = path(to);
        try {
            // A link, unlike a rename, never replaces what is there.
            Files.createLink(target, source);
            KillPoint.reach("storage.publish.linked");
            syncDirectory(target.toAbsolutePath().getParent());
            KillPoint.reach("storage.publish.synced");
            Files.deleteIfExists(source);
        } catch (UnsupportedOperationException noLinks) {
            throw new MillraceException(
                    ErrorCode.UNSUPPORTED, "the file system of " + to + " knows no hard links", noLinks);
        } catch (IOException failure) {
            throw StorageFailure.of("publishing", to, failure);
        }
    }

    @Override
    public boolean tryLinkTo(String location, Path to) {
        return tryLink(path(location), to);
    }

    @Override
    public boolean tryLinkFrom(Path from, String location) {
        return tryLink(from, path(location));
    }

    @Override
    public Path localPath(String location) {
        return path(location);
    }

    private static boolean tryLink(Path from, Path to) {
        try {
            Files.createLink(to, from);
            return true;
        } catch (UnsupportedOperationException | IOException notHere) {
            // Another file system, or one without links; whatever else it is, copying says so.
            return false;
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void delete(String location) {
        try {
            Files.deleteIfExists(path(location));
        } catch (IOException failure) {
            throw StorageFailure.of("deleting", location, failure);
        }
    }

    @Override
    public void deleteTree(String location) {
        Path root = path(location);
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                                throws IOException {
                            if (failure != null) {
                                throw failure;
                            }
                            Files.deleteIfExists(directory);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException failure) {
            throw StorageFailure.of("deleting", location, failure);
        }
    }

    @Override
    public void createDirectories(String location) {
        try {
            createDirectories(path(location).toAbsolutePath());
        } catch (IOException failure) {
            throw StorageFailure.of("creating", location, failure);
        }
    }

    /** A file survives a crash only if the names of all directories above it do. */
    private static void createDirectories(Path directory) throws IOException {
        if (directory == null || Files.isDirectory(directory)) {
            return;
        }
        createDirectories(directory.getParent());
        Files.createDirectories(directory);
        syncDirectory(directory.getParent());
    }

    @Override
    public void syncDirectory(String location) {
        try {
            syncDirectory(path(location).toAbsolutePath());
        } catch (IOException failure) {
            throw StorageFailure.of("syncing", location, failure);
        }
    }

    private record LocalReadableFile(FileChannel channel, String location) implements ReadableFile {
        @Override
        public void read(long offset, long toAddress, int lengthBytes) {
            ByteBuffer to = Mem.ALL.asSlice(toAddress, lengthBytes).asByteBuffer();
            try {
                while (to.hasRemaining()) {
                    int read = channel.read(to, offset + to.position());
                    if (read < 0) {
                        throw new MillraceException(
                                ErrorCode.CORRUPT_DATA,
                                "file "
                                        + location
                                        + " ends at byte "
                                        + (offset + to.position())
                                        + ", expected "
                                        + to.remaining()
                                        + " bytes more");
                    }
                }
            } catch (IOException failure) {
                throw StorageFailure.of("reading", location, failure);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException failure) {
                throw StorageFailure.of("closing", location, failure);
            }
        }
    }

    private static final class LocalWritableFile implements WritableFile {
        private final FileChannel channel;
        private final String location;
        private long lengthBytes;

        LocalWritableFile(FileChannel channel, String location) {
            this.channel = channel;
            this.location = location;
        }

        @Override
        public void write(ByteBuffer bytes) {
            try {
                while (bytes.hasRemaining()) {
                    lengthBytes += channel.write(bytes);
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
                channel.force(true);
            } catch (IOException failure) {
                throw StorageFailure.of("syncing", location, failure);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException failure) {
                throw StorageFailure.of("closing", location, failure);
            }
        }
    }
}
