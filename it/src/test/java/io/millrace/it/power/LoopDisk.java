package io.millrace.it.power;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of its own in a file. Needs root. Close it. */
public final class LoopDisk implements AutoCloseable {
    private static final String IMAGE_SIZE = "400M";

    private final Path image;
    private final Path mountPoint;
    private boolean mounted;

    private LoopDisk(Path image, Path mountPoint) {
        this.image = image;
        this.mountPoint = mountPoint;
    }

    /** Makes one, or skips the test, saying why. */
    public static LoopDisk make(String type, Path directory) throws IOException, InterruptedException {
        skipUnlessHere("mkfs." + type);
        LoopDisk disk = new LoopDisk(directory.resolve(type + ".img"), directory.resolve(type));
        Files.createDirectory(disk.mountPoint);
        run("truncate", "-s", IMAGE_SIZE, disk.image.toString());
        run("mkfs." + type, "-q", disk.image.toString());
        assumeTrue(disk.tryMount(), "no " + type + " can be mounted by a loop device here");
        return disk;
    }

    /** A small disk in memory. */
    public static LoopDisk inMemory(String size, Path directory) throws IOException, InterruptedException {
        skipUnlessHere("mount");
        LoopDisk disk = new LoopDisk(directory.resolve("none"), directory.resolve("memory"));
        Files.createDirectory(disk.mountPoint);
        disk.mounted = exitCode("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.mountPoint.toString()) == 0;
        assumeTrue(disk.mounted, "no tmpfs can be mounted here");
        return disk;
    }

    public static void skipUnlessHere(String command) throws IOException, InterruptedException {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        assumeTrue(
                exitCode("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; command -v " + command) == 0,
                "there is no " + command);
    }

    private boolean tryMount() throws IOException, InterruptedException {
        mounted = exitCode("mount", "-o", "loop", image.toString(), mountPoint.toString()) == 0;
        return mounted;
    }

    public Path path() {
        return mountPoint;
    }

    /** Drops all that was not synced; everything fails from here on. */
    public void losePower() throws IOException, InterruptedException {
        run("xfs_io", "-x", "-c", "shutdown", mountPoint.toString());
    }

    /** Nobody has a file open there. */
    public void restart() throws IOException, InterruptedException {
        run("umount", mountPoint.toString());
        mounted = false;
        if (!tryMount()) {
            throw new IOException("cannot mount " + image + " after power loss");
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (mounted && exitCode("umount", mountPoint.toString()) != 0) {
            run("umount", "-l", mountPoint.toString());
        }
        Files.deleteIfExists(image);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output.strip());
        }
    }

    private static int exitCode(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    private static Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        return builder.start();
    }
}
