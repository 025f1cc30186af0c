package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.checkpoint.Checkpointing;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.OperatorEntry;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.checkpoint.StateMeaning;
import io.millrace.state.checkpoint.TaskEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the state of one script under another, without running either. */
class StateMatchTest {
    private static final String SETTINGS = "SET 'execution.runtime-mode' = 'streaming';\n";

    @TempDir Path directory;

    @BeforeEach
    void write() throws IOException {
        for (String name : List.of("a.csv", "b.csv")) {
            Files.writeString(directory.resolve(name), "k,x,y,z\n1,2,3,4\n");
        }
    }

    private String table(String file, String columns) {
        return SETTINGS
                + "CREATE TABLE t ("
                + columns
                + ") WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '"
                + directory.resolve(file)
                + "');\n";
    }

    private String view(String query) {
        return table("a.csv", "k BIGINT, x INT, y DOUBLE, z STRING") + "CREATE MATERIALIZED VIEW v AS " + query + ";";
    }

    private static OperatorGraph graph(String script) {
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults());
                Session session = millrace.session()) {
            return session.graph(script);
        }
    }

    /** A checkpoint in which each operator that may hold something does. */
    private static Manifest checkpoint(String script, boolean firstVersion) {
        List<OperatorEntry> operators =
                Checkpointing.identify(graph(script)).stream()
                        .map(identity -> {
                            boolean holds = !identity.name().startsWith("Calc");
                            List<StateEntry> states =
                                    holds ? List.of(StateEntry.value("v", new byte[1])) : List.<StateEntry>of();
                            StateMeaning meaning =
                                    firstVersion ? StateMeaning.of(identity.meaning().text()) : identity.meaning();
                            return new OperatorEntry(
                                    identity.id(),
                                    identity.name(),
                                    meaning,
                                    List.of(new TaskEntry(0, false, states, List.of())));
                        })
                        .toList();
        return new Manifest("job", 1, 1, 0, "test", 128, script, "", false, operators);
    }

    private static List<String> fates(String before, String after) {
        return StateMatch.of(graph(after), checkpoint(before, false)).fates().stream()
                .map(fate -> fate.toString().replaceAll("#\\d+", ""))
                .toList();
    }

    @Test
    void aSourceThatLiesElsewhereIsNamed() {
        String columns = "k BIGINT, x INT";
        String query = "CREATE MATERIALIZED VIEW v AS SELECT k, sum(x) AS s FROM t GROUP BY k;";
        assertThat(fates(table("a.csv", columns) + query, table("b.csv", columns) + query))
                .containsExactly(
                        "rebuilt  Scan: from the beginning of table t, of the files that are there now, at "
                                + directory.resolve("b.csv")
                                + " where it was at "
                                + directory.resolve("a.csv"),
                        "rebuilt  Aggregate: from the beginning of table t; only with --allow-dropped-state",
                        "rebuilt  Sink table v: from the beginning of table t; only with --allow-dropped-state",
                        "dropped  Scan: only with --allow-dropped-state");
    }

    @Test
    void anUnchangedScriptKeepsWhatTheFirstVersionOfTheFormatHolds() {
        String script = view("SELECT k, sum(x) AS s, count(DISTINCT z) AS d FROM t WHERE y > 1 GROUP BY k");
        StateMatch match = StateMatch.of(graph(script), checkpoint(script, true));
        assertThat(match.changes()).isEmpty();
        assertThat(match.origins()).allSatisfy(origin -> assertThat(origin.tasks()).hasSize(1));
        assertThat(match.identities().stream().map(Checkpointing.Identity::id))
                .isEqualTo(checkpoint(script, true).operators().stream().map(OperatorEntry::id).toList());
    }

    @Test
    void anEditedScriptKeepsTheNamesOfThoseWhoseStateItHas() {
        Manifest before = checkpoint(view("SELECT k, sum(x) AS s, max(y) AS m FROM t GROUP BY k"), false);
        StateMatch match = StateMatch.of(graph(view("SELECT max(y) AS m, k, sum(x) AS s FROM t GROUP BY k")), before);
        assertThat(match.changes()).isEmpty();
        assertThat(match.identities().stream().map(Checkpointing.Identity::id))
                .containsAll(
                        before.operators().stream()
                                .filter(operator -> !operator.name().startsWith("Calc"))
                                .map(OperatorEntry::id)
                                .toList());
    }

    @Test
    void whatIsAddedAboveRowsThatAreTakenAwayNeedsHistory() {
        String query =
                "SELECT g, %s FROM (SELECT k, k %% 10 AS g, max(x) AS m, min(x) AS l FROM t GROUP BY k) GROUP BY g";
        assertThat(fates(view(query.formatted("sum(m) AS s")), view(query.formatted("sum(m) AS s, sum(l) AS o"))))
                .contains(
                        "rebuilt  Aggregate: from the beginning of table t; only with --allow-dropped-state",
                        "dropped  Aggregate: only with --allow-dropped-state");
    }

    @Test
    void aColumnThatIsComputedFromWhatIsAddedNeedsHistory() {
        assertThat(
                        fates(
                                view("SELECT k, sum(x) AS s FROM t GROUP BY k"),
                                view("SELECT k, sum(x) AS s, coalesce(max(y), 0) AS m FROM t GROUP BY k")))
                .contains("rebuilt  Sink table v: from the beginning of table t");
    }

    @Test
    void aColumnIsAddedToAViewOfRowsThatOnlyCome() {
        assertThat(fates(view("SELECT k, x FROM t WHERE y > 1"), view("SELECT z, k, x FROM t WHERE y > 1")))
                .containsExactly("kept     Scan", "migrated Sink table v: t.z begins at the checkpoint");
    }

    @Test
    void anotherKeyOrAnotherWindowNeedsHistory() {
        assertThat(
                        fates(
                                view("SELECT k, sum(x) AS s FROM t GROUP BY k"),
                                view("SELECT k, z, sum(x) AS s FROM t GROUP BY k, z")))
                .contains("dropped  Aggregate: only with --allow-dropped-state");
    }

    @Test
    void aNarrowerTypeNeedsHistory() {
        String query = "CREATE MATERIALIZED VIEW v AS SELECT k, sum(x) AS s FROM t GROUP BY k;";
        assertThat(fates(table("a.csv", "k BIGINT, x BIGINT") + query, table("a.csv", "k BIGINT, x INT") + query))
                .contains("dropped  Aggregate: only with --allow-dropped-state");
    }

    @Test
    void aTableThatIsWrittenGoesOnWithOtherColumns() {
        String output =
                "CREATE TABLE o (%s) WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '"
                        + directory.resolve("out")
                        + "');\nINSERT INTO o SELECT %s FROM t;";
        String columns = "k BIGINT, x INT";
        assertThat(
                        fates(
                                table("a.csv", columns) + output.formatted("k BIGINT", "k"),
                                table("a.csv", columns) + output.formatted("x INT, k BIGINT", "x, k")))
                .containsExactly("kept     Scan", "kept     Sink table o");
    }
}
