package io.millrace.state.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavepointRootTest {
    @TempDir private Path directory;

    @Test
    void onlyWhatIsASavepointWithoutARecordIsRemoved() throws IOException {
        Path root = directory.resolve("savepoints");
        new SavepointRoot(root.toString()).removeHalfWritten();
        CheckpointStore store = CheckpointStore.open(directory.resolve("store").toString());
        Manifest manifest = SampleCheckpoints.publish(store, store.begin("me"), List.of());
        for (String name : List.of("whole", "half", "half too")) {
            store.save(manifest, root.resolve(name).toString());
        }
        Path record = root.resolve("half/log").resolve(SlotLog.name(manifest.checkpoint()));
        Files.move(record, record.resolveSibling(SlotLog.hiddenBegin(manifest.checkpoint(), 0)));
        Path other = root.resolve("half too/log").resolve(SlotLog.name(manifest.checkpoint()));
        Files.delete(other);
        Files.createDirectories(root.resolve("empty"));
        Files.createDirectories(root.resolve("more/log"));
        Files.createDirectories(root.resolve("more/files"));
        Files.writeString(root.resolve("more/README"), "a stranger");
        Files.createSymbolicLink(root.resolve("link"), root.resolve("half"));

        new SavepointRoot(root.toString()).removeHalfWritten();

        assertThat(root.toFile().list()).containsExactlyInAnyOrder("whole", "empty", "more", "link");
        assertThat(FoundCheckpoint.at(root.resolve("whole").toString()).verify()).isEmpty();
        assertThat(FoundCheckpoint.at(store.location()).verify()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "a/../../x",
                "a/b",
                "/tmp/x",
                "./x",
                "a\\b",
                ".hidden",
                "-x",
                "hdfs://h/x",
                "file:x",
                "a b",
                "a\n",
                "a\0b",
                "ü",
                "%2e%2e"
            })
    void aPlaceIsRightBelowTheRoot(String name) {
        SavepointRoot root = new SavepointRoot(directory.toString());
        assertThatThrownBy(() -> root.place(name))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_OPTION))
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void aPlaceIsNothingsYet() throws IOException {
        Path root = directory.resolve("root");
        Files.createDirectories(root.resolve("there"));
        Files.createSymbolicLink(root.resolve("link"), directory);
        Files.createSymbolicLink(root.resolve("dangling"), directory.resolve("nowhere"));
        SavepointRoot savepoints = new SavepointRoot(root.toString());
        for (String name : List.of("there", "link", "dangling")) {
            assertThatThrownBy(() -> savepoints.place(name))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
        }
        assertThat(savepoints.place("2026-11-23_a.b")).isEqualTo(root.resolve("2026-11-23_a.b").toString());
    }
}
