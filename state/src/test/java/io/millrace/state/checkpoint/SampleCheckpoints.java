package io.millrace.state.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Mem;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Small checkpoints whose content can be told from their number. */
public final class SampleCheckpoints {
    private static final StateMeaning MEANING =
            new StateMeaning(
                    "groups of (t) by [t.k][SUM t.x:BIGINT]",
                    "groups of (t) by [t.k]",
                    List.of(new StateMeaning.Part("t.k", List.of("STRING"))),
                    List.of(new StateMeaning.Part("SUM t.x", List.of("BIGINT", "INT"))),
                    "APPEND to RETRACT",
                    "/data");

    private SampleCheckpoints() {}

    public static CheckpointFile write(StateFiles files, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined();
                StateFiles.Writer writer = files.create()) {
            long address = arena.allocate(bytes.length + 1).address();
            Mem.copyIn(bytes, 0, address, bytes.length);
            int half = bytes.length / 2;
            writer.write(address, half);
            writer.write(address + half, bytes.length - half);
            return writer.finish();
        }
    }

    public static String read(StateFiles files, CheckpointFile file) {
        int length = (int) file.lengthBytes();
        try (Arena arena = Arena.ofConfined();
                StateFiles.Reader reader = files.open(file)) {
            long address = arena.allocate(length + 1).address();
            reader.read(address, length);
            reader.verify();
            byte[] bytes = new byte[length];
            Mem.copyOut(address, bytes, 0, length);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** A checkpoint of one operator with these files. */
    public static Manifest manifest(long checkpoint, long incarnation, List<CheckpointFile> files) {
        return manifest(checkpoint, incarnation, files, MEANING, "{\"a\": 1}");
    }

    /** As version 1 of the format has it. */
    public static Manifest firstManifest(long checkpoint, long incarnation, List<CheckpointFile> files) {
        return manifest(checkpoint, incarnation, files, StateMeaning.of("sum(x)"), "");
    }

    private static Manifest manifest(
            long checkpoint, long incarnation, List<CheckpointFile> files, StateMeaning meaning, String plan) {
        List<StateEntry> states =
                List.of(
                        StateEntry.value("watermark", new byte[] {1, 2, (byte) checkpoint}),
                        new StateEntry("rows", StateEntry.Kind.TABLE, "BIGINT -> BIGINT", new byte[] {7}, files, 1234));
        List<PreparedEntry> prepared =
                List.of(
                        new PreparedEntry(new byte[0], List.of()),
                        new PreparedEntry(
                                "sealed".getBytes(StandardCharsets.UTF_8), files.subList(0, files.size() / 2)));
        TaskEntry task = new TaskEntry(0, false, states, prepared);
        return new Manifest(
                "job \"ü\" 漢",
                checkpoint,
                incarnation,
                1_700_000_000_000L,
                "0.1.0",
                128,
                "INSERT INTO o\nSELECT 'ä' FROM i",
                plan,
                false,
                List.of(new OperatorEntry("op-1", "aggregate", meaning, List.of(task))));
    }

    /** Writes files of their own for the next checkpoint, and publishes it with these and {@code kept}. */
    public static Manifest publish(CheckpointStore store, long incarnation, List<CheckpointFile> kept) {
        long checkpoint = store.nextCheckpoint();
        List<CheckpointFile> files = new ArrayList<>(kept);
        for (int i = 0; i < 2; i++) {
            files.add(write(store.files(), content(checkpoint, i)));
        }
        Manifest manifest = manifest(checkpoint, incarnation, files);
        store.publish(manifest);
        return manifest;
    }

    public static String content(long checkpoint, int file) {
        return ("file " + file + " of checkpoint " + checkpoint + " ").repeat(20);
    }

    /** Compares by bytes, which records with arrays do not. */
    public static void assertSame(Manifest found, Manifest expected) {
        assertThat(LogRecordWriter.write(new LogRecord.Checkpoint(found)))
                .isEqualTo(LogRecordWriter.write(new LogRecord.Checkpoint(expected)));
    }
}
