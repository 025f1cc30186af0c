package io.millrace.it.power;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.OperatorEntry;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.checkpoint.StateFiles;
import io.millrace.state.checkpoint.StateMeaning;
import io.millrace.state.checkpoint.TaskEntry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes checkpoints into a store, as many as asked, or for ever. Prints {@code begun N}, {@code published N} as soon
 * as a publication has returned, {@code failed CODE: message}, and at the end {@code done}.
 */
final class StoreWriter {
    private static final int FILES = 3;
    private static final int MAX_FILE_BYTES = 200_000;
    private static final int RETAINED = 2;
    private static final int MAX_FAILURES_IN_A_ROW = 100;

    private final CheckpointStore store;
    private final Random random = new Random(1);
    private long incarnation;
    private List<CheckpointFile> kept = List.of();

    StoreWriter(CheckpointStore store) {
        this.store = store;
    }

    public static void main(String[] args) {
        StoreWriter writer = new StoreWriter(CheckpointStore.open(args[0]));
        long wanted = Long.parseLong(args[1]);
        int failures = 0;
        for (long published = 0; published < wanted || wanted == 0; ) {
            try {
                if (writer.incarnation == 0) {
                    writer.begin();
                    System.out.println("begun " + writer.incarnation);
                }
                Manifest manifest = writer.publish();
                published++;
                failures = 0;
                System.out.println("published " + manifest.checkpoint());
                writer.store.retain(RETAINED);
            } catch (MillraceException failure) {
                System.out.println("failed " + failure.code() + ": " + failure.getMessage());
                if (++failures > MAX_FAILURES_IN_A_ROW) {
                    return;
                }
            }
        }
        System.out.println("done");
    }

    void begin() {
        incarnation = store.begin("writer");
        Manifest newest = store.newest();
        kept = newest == null ? List.of() : half(newest);
    }

    private static List<CheckpointFile> half(Manifest manifest) {
        List<CheckpointFile> files = manifest.files().distinct().toList();
        return List.copyOf(files.subList(files.size() / 2, files.size()));
    }

    Manifest publish() {
        long checkpoint = store.nextCheckpoint();
        List<CheckpointFile> files = new ArrayList<>(kept);
        for (int i = 0; i < FILES; i++) {
            files.add(write());
        }
        StateEntry rows = new StateEntry("rows", StateEntry.Kind.ROWS, "bytes", new byte[] {1}, files, -1);
        Manifest manifest =
                new Manifest(
                        "writer",
                        checkpoint,
                        incarnation,
                        0,
                        "test",
                        128,
                        "",
                        "",
                        false,
                        List.of(
                                new OperatorEntry(
                                        "1",
                                        "writer",
                                        StateMeaning.of(""),
                                        List.of(new TaskEntry(0, false, List.of(rows), List.of())))));
        store.publish(manifest);
        kept = half(manifest);
        return manifest;
    }

    private CheckpointFile write() {
        byte[] content = new byte[1 + random.nextInt(MAX_FILE_BYTES)];
        random.nextBytes(content);
        try (Arena arena = Arena.ofConfined();
                StateFiles.Writer writer = store.files().create()) {
            MemorySegment bytes = arena.allocate(content.length);
            Mem.copyIn(content, 0, bytes.address(), content.length);
            writer.write(bytes.address(), content.length);
            return writer.finish();
        }
    }

    /** The program in a process of its own. */
    static Process start(List<String> before, List<String> flags, Path location, long checkpoints) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-ea",
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(flags);
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreWriter.class.getName(),
                        location.toString(),
                        Long.toString(checkpoints)));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
