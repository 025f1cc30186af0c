package io.millrace.it.savepoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.FoundCheckpoint;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.SampleCheckpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SavepointCorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/savepoints");
    private static final String NEWEST = "v2/sample";

    @TempDir private Path directory;

    static Stream<Path> savepoints() throws IOException {
        try (Stream<Path> paths = Files.walk(CORPUS, 2)) {
            return paths.filter(path -> Files.isDirectory(path.resolve("log"))).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("savepoints")
    void isReadByThisVersion(Path savepoint) {
        FoundCheckpoint found = FoundCheckpoint.at(savepoint.toString());
        assertThat(found.verify()).isEmpty();
        Manifest manifest = found.manifest();
        assertThat(manifest.operators()).isNotEmpty();
        if (savepoint.endsWith("sample")) {
            List<CheckpointFile> files = manifest.files().distinct().toList();
            boolean first = savepoint.endsWith(Path.of("v1", "sample"));
            SampleCheckpoints.assertSame(
                    manifest,
                    first ? SampleCheckpoints.firstManifest(2, 1, files) : SampleCheckpoints.manifest(2, 1, files));
            assertThat(SampleCheckpoints.read(found.files(), files.getFirst()))
                    .isEqualTo(SampleCheckpoints.content(2, 0));
        }
    }

    private static Map<String, String> contents(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(path);
                String text = new String(bytes, StandardCharsets.UTF_8);
                boolean isText = text.getBytes(StandardCharsets.UTF_8).length == bytes.length;
                contents.put(root.relativize(path).toString(), isText ? text : HexFormat.of().formatHex(bytes));
            }
        }
        return contents;
    }

    /** A format that changes needs a version of its own, a savepoint of that version here, and a line in docs/. */
    @Test
    void whatThisVersionWritesIsWhatItsSavepointHolds() throws IOException {
        CheckpointStore store = CheckpointStore.open(directory.resolve("store").toString());
        Manifest manifest = SampleCheckpoints.publish(store, store.begin("corpus"), List.of());
        boolean write = Boolean.getBoolean("test.write-corpus");
        Path savepoint = write ? CORPUS.resolve(NEWEST) : directory.resolve("savepoint");
        store.save(manifest, savepoint.toString());
        assertThat(contents(savepoint)).hasSize(3).isEqualTo(contents(CORPUS.resolve(NEWEST)));
    }
}
