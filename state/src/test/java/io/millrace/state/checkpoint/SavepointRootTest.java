package io.millrace.state.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavepointRootTest {
    @TempDir private Path directory;

    @Test
    void onlyWhatIsASavepointWithoutARecordIsRemoved() throws IOException {
        Path root = directory.resolve("savepoints");
        new SavepointRoot(root).removeHalfWritten();
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

        new SavepointRoot(root).removeHalfWritten();

        assertThat(root.toFile().list()).containsExactlyInAnyOrder("whole", "empty", "more", "link");
        assertThat(FoundCheckpoint.at(root.resolve("whole").toString()).verify()).isEmpty();
        assertThat(FoundCheckpoint.at(store.location()).verify()).isEmpty();
    }
}
