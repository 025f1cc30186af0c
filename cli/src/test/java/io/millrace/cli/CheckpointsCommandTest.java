package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.SampleCheckpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsCommandTest {
    @TempDir private Path directory;
    private Path state;
    private Path store;
    private Manifest newest;

    @BeforeEach
    void write() throws IOException {
        state = directory.toRealPath().resolve("state");
        store = state.resolve("checkpoints");
        CheckpointStore written = CheckpointStore.open(store.toString());
        long incarnation = written.begin("test");
        Manifest two = SampleCheckpoints.publish(written, incarnation, List.of());
        newest = SampleCheckpoints.publish(written, incarnation, two.files().distinct().toList());
    }

    private Path damage() throws IOException {
        Path file = store.resolve("files").resolve(newest.files().distinct().toList().getLast().name());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
        return file;
    }

    @Test
    void listsWhatThereIs() {
        Program listed = Program.run("checkpoints", "ls", state.toString());
        assertThat(listed.exitCode()).as(listed.err()).isZero();
        List<String> lines = listed.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).matches("checkpoint +created +job +incarnation +files +bytes +state +location");
        assertThat(lines.getLast())
                .startsWith("3           2023-11-14T22:13:20Z")
                .contains("  whole  ")
                .endsWith(store + "/log/00000000000000000003");
        assertThat(Program.run("checkpoints", "ls", store.toString())).isEqualTo(listed);
    }

    @Test
    void listsForScripts() throws IOException {
        Files.delete(store.resolve("files").resolve(newest.files().distinct().toList().getLast().name()));
        Program listed = Program.run("checkpoints", "ls", "--output", "json", state.toString());
        List<String> lines = listed.out().lines().toList();
        JsonNode whole = new ObjectMapper().readTree(lines.getFirst());
        assertThat(whole.get("checkpoint").asLong()).isEqualTo(2);
        assertThat(whole.get("state").asText()).isEqualTo("whole");
        assertThat(whole.get("damage").isNull()).isTrue();
        JsonNode damaged = new ObjectMapper().readTree(lines.getLast());
        assertThat(damaged.get("state").asText()).isEqualTo("damaged");
        assertThat(damaged.get("damage").asText()).contains("missing");
        assertThat(listed.exitCode()).isZero();
    }

    @Test
    void showsOne() throws IOException {
        String record = store + "/log/00000000000000000002";
        Program shown = Program.run("checkpoints", "show", record);
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains(
                        "checkpoint    2\n", "location      " + record, "key groups    128", "operator op-1 aggregate")
                .contains("    table rows: 1234 rows, 1 bytes inline, 2 files, ", "    sealed output: ")
                .endsWith("script\n  INSERT INTO o\n  SELECT 'ä' FROM i\n");
        JsonNode json =
                new ObjectMapper()
                        .readTree(Program.run("checkpoints", "show", state.toString(), "--output", "json").out());
        assertThat(json.get("checkpoint").asLong()).isEqualTo(3);
        assertThat(json.at("/operators/0/tasks/0/states/1/files").size()).isEqualTo(4);
        assertThat(json.at("/operators/0/tasks/0/states/1/runs").asLong(-1)).isZero();
    }

    @Test
    void verifiesEachByte() throws IOException {
        assertThat(Program.run("checkpoints", "verify", state.toString()))
                .matches(program -> program.exitCode() == 0 && program.out().isEmpty())
                .extracting(Program::err)
                .asString()
                .startsWith("2 checkpoints, 4 files, ")
                .endsWith(" bytes: whole\n");
        Path file = damage();
        Program verified = Program.run("checkpoints", "verify", state.toString());
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.out()).startsWith(file + ": expected crc32c=").hasLineCount(1);
        assertThat(verified.err()).endsWith("bytes: 1 damaged\n");
        assertThat(Program.run("checkpoints", "verify", store + "/log/00000000000000000002").exitCode()).isZero();
        Program one = Program.run("checkpoints", "verify", store + "/log/00000000000000000003", "--output", "json");
        assertThat(one.exitCode()).isEqualTo(1);
        assertThat(new ObjectMapper().readTree(one.out()).get("damage").asText()).contains(file.toString());
        Files.writeString(store.resolve("log/00000000000000000003"), "nonsense");
        assertThat(Program.run("checkpoints", "verify", state.toString()).out())
                .startsWith(store + "/log/00000000000000000003: expected more than");
    }

    @Test
    void saysWhenThereIsNone() {
        Program missing = Program.run("checkpoints", "verify", directory + "/nothing");
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err())
                .startsWith("error[FILE_NOT_FOUND]: " + directory + "/nothing: no state directory, store");
        assertThat(Program.run("checkpoints", "show", directory + "/nothing").exitCode()).isEqualTo(2);
        assertThat(Program.run("checkpoints", "list", state.toString()).err()).startsWith("error[USAGE]: ");
        assertThat(Program.run("checkpoints").exitCode()).isEqualTo(2);
    }
}
