package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlCommandTest {
    private static final String ALL_TYPES =
            """
            SELECT CAST(1 AS TINYINT) AS t, CAST(-5 AS BIGINT) AS b, CAST(1.5 AS DOUBLE) AS d,
              CAST(12.345 AS DECIMAL(10, 3)) AS de, TRUE AS bo, CAST(NULL AS STRING) AS n, '' AS e, 'a,"b"' AS q,
              DATE '2026-02-28' AS da, TIMESTAMP '2026-02-28 12:34:56.780' AS ts, TIME '01:02:03' AS ti,
              x'00ff' AS bi, ARRAY[1, 2] AS ar, MAP['k', 1] AS m
            """;

    @Test
    void printsCsv() {
        Program program = Program.run("sql", "-c", ALL_TYPES, "--output", "csv");
        assertThat(program.err()).isEmpty();
        assertThat(program.out())
                .isEqualTo(
                        """
                        t,b,d,de,bo,n,e,q,da,ts,ti,bi,ar,m
                        1,-5,1.5,12.345,true,,"","a,""b""\",2026-02-28,2026-02-28 12:34:56.78,01:02:03,00ff,"[1,2]","{""k"":1}"
                        """);
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void printsJson() {
        Program program = Program.run("sql", "-c", ALL_TYPES, "--output", "json");
        assertThat(program.out())
                .isEqualTo(
                        """
                        {"t":1,"b":-5,"d":1.5,"de":"12.345","bo":true,"n":null,"e":"","q":"a,\\"b\\"","da":"2026-02-28",\
                        "ts":"2026-02-28 12:34:56.78","ti":"01:02:03","bi":"00ff","ar":[1,2],"m":{"k":1}}
                        """);
    }

    @Test
    void printsTables() {
        String sql =
                "SELECT * FROM (VALUES (1, 'x', 10.5), (200, CAST(NULL AS STRING), 2.25)) AS t (id, name, price)"
                        + " ORDER BY id";
        assertThat(Program.run("sql", "-c", sql).out())
                .isEqualTo(
                        """
                        +-----+------+-------+
                        |  id | name | price |
                        +-----+------+-------+
                        |   1 | x    | 10.50 |
                        | 200 | NULL |  2.25 |
                        +-----+------+-------+
                        """);
        assertThat(Program.run("sql", "-c", "SELECT v AS x FROM (VALUES (1)) AS t (v) WHERE v > 1").out())
                .isEqualTo("+---+\n| x |\n+---+\n+---+\n");
        assertThat(Program.run("sql", "-c", "SELECT 'two\nlines' AS x").out()).contains("| two\\nlines |");
    }

    @Test
    void showsChangesInStreamingMode() {
        Program program =
                Program.run(
                        "sql",
                        "--set",
                        "execution.runtime-mode=streaming",
                        "--output",
                        "csv",
                        "-c",
                        "SELECT v FROM (VALUES (1)) AS t (v)");
        assertThat(program.out()).isEqualTo("op,v\n+I,1\n");
    }

    @Test
    void runsScriptsFromFilesAndFromStdin(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("q.sql");
        Files.writeString(file, "SELECT 2 AS b;\n-- done\n");
        Program program = Program.run("sql", "-c", "SELECT 1 AS a", "-f", file.toString(), "--output", "csv");
        assertThat(program.out()).isEqualTo("a\n1\nb\n2\n");
        assertThat(Program.runWithInput("SELECT 3 AS c", "sql", "-f", "-", "--output", "csv").out())
                .isEqualTo("c\n3\n");
    }

    @Test
    void printsPlansAsTheyAre() {
        String plan = Program.run("sql", "-c", "EXPLAIN SELECT 1").out();
        assertThat(plan).contains("Values#0").contains("[bounded]").doesNotContain("|").doesNotContain("+--");
    }

    @Test
    void showsWhereMemoryIsAsATable() {
        String[] lines = Program.run("sql", "-c", "EXPLAIN MEMORY").out().split("\n");
        assertThat(lines[1]).matches("\\| area +\\| name +\\| +used_bytes \\| +peak_bytes \\| +limit_bytes \\|");
        assertThat(lines).anyMatch(line -> line.matches("\\| budget +\\| all +\\| +\\d+ \\| +\\d+ \\| +\\d+ \\|"));
    }

    @Test
    void timesEachStatement() throws IOException {
        Program program =
                Program.run(
                        "sql",
                        "--timing",
                        "--output",
                        "csv",
                        "-c",
                        "SET 'view.epoch' = '1 s'; SELECT 1 AS x; SELECT y");
        List<String> lines = program.err().lines().toList();
        JsonNode set = new ObjectMapper().readTree(lines.get(0));
        assertThat(set.get("statement").asInt()).isEqualTo(1);
        assertThat(set.get("kind").asText()).isEqualTo("set");
        assertThat(set.get("mode").isNull()).isTrue();
        JsonNode select = new ObjectMapper().readTree(lines.get(1));
        assertThat(select.properties().stream().map(java.util.Map.Entry::getKey).toList())
                .containsExactly(
                        "statement",
                        "kind",
                        "mode",
                        "wall_ms",
                        "cpu_ms",
                        "rows",
                        "rows_read",
                        "bytes_read",
                        "peak_rss_bytes",
                        "error");
        assertThat(select.get("mode").asText()).isEqualTo("batch");
        assertThat(select.get("rows").asInt()).isEqualTo(1);
        assertThat(select.get("wall_ms").isNumber()).isTrue();
        assertThat(select.get("peak_rss_bytes").asLong()).isPositive();
        assertThat(select.get("error").isNull()).isTrue();
        JsonNode failed = new ObjectMapper().readTree(lines.get(2));
        assertThat(failed.get("statement").asInt()).isEqualTo(3);
        assertThat(failed.get("error").asText()).isEqualTo("UNKNOWN_COLUMN");
        assertThat(lines.get(3)).startsWith("error[UNKNOWN_COLUMN]");
        assertThat(program.out()).isEqualTo("x\n1\n");
        assertThat(program.exitCode()).isEqualTo(2);
    }

    @Test
    void rendersErrorsWithPlaceCaretAndHelp(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("bad.sql");
        String table = "CREATE TABLE t (amount BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '1');";
        Files.writeString(file, table + "\n\tSELECT *\n\tFROM  t\n\tWHERE amuont > 0;\n");
        Program program = Program.run("sql", "-f", file.toString());
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err())
                .isEqualTo(
                        """
                        error[UNKNOWN_COLUMN]: there is no column amuont
                         --> %s:4:8
                          |
                        4 | \tWHERE amuont > 0;
                          | \t      ^
                        help: Did you mean 'amount'?
                        """
                                .formatted(file));
    }

    @Test
    void exitsWithOneWhenDataHasNoAnswer() {
        Program program = Program.run("sql", "-c", "SELECT 1 / x FROM (VALUES (1), (0)) AS t (x)");
        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.err()).startsWith("error[DATA_EXCEPTION]: ").doesNotContain("\tat ");
    }

    @Test
    void exitsWithTwoWhenTheUserCanTypeSomethingElse(@TempDir Path directory) {
        assertThat(Program.run("sql", "-f", directory.resolve("none.sql").toString()).err())
                .startsWith("error[FILE_NOT_FOUND]: there is no file ");
        assertThat(Program.run("sql", "-f", directory.toString()).exitCode()).isEqualTo(2);
        assertThat(Program.run("sql", "-c", "SELECT 1", "--set", "view.epoc=1 s"))
                .isEqualTo(
                        new Program(
                                2,
                                "",
                                """
                                error[UNKNOWN_OPTION]: unknown setting 'view.epoc'
                                help: Did you mean 'view.epoch'?
                                """));
        assertThat(Program.run("sql", "-c", "SELECT 1", "--memory", "100m").exitCode()).isEqualTo(2);
        assertThat(Program.run("sql", "-c", "SELECT 1", "--output", "xml").err())
                .startsWith("error[USAGE]: Invalid value for option '--output': ")
                .contains("'xml'");
    }

    @Test
    void showsTheStackOnlyWhenAsked() {
        Program program = Program.run("sql", "--verbose", "-c", "SELECT 1 FROM nowhere");
        assertThat(program.err()).contains("error[UNKNOWN_TABLE]").contains("\tat io.millrace.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv", "parquet"})
    void writesTheTablesColumnsWhateverTheQueryCallsThem(String format, @TempDir Path directory) {
        String target =
                "CREATE TABLE q (k STRING, c INT) WITH ('connector' = 'filesystem', 'path' = '"
                        + directory.resolve(format)
                        + "', 'format' = '"
                        + format
                        + "');\n";
        String source = " FROM (VALUES ('a', 1), ('b', 2)) AS n (w, v);\n";
        Program computed =
                Program.run(
                        "sql",
                        "--output",
                        "csv",
                        "-c",
                        target
                                + "INSERT INTO q SELECT UPPER(w), v + 1"
                                + source
                                + "INSERT INTO q SELECT w AS aa, v AS bb"
                                + source
                                + "INSERT INTO q (c, k) SELECT v, w"
                                + source
                                + "SELECT k, c FROM q ORDER BY k, c");
        assertThat(computed.err()).isEmpty();
        assertThat(computed.out()).endsWith("k,c\nA,2\nB,3\na,1\na,1\nb,2\nb,2\n");
    }

    @Test
    void refusesNullsWhereATableTakesNone(@TempDir Path directory) {
        Program program =
                Program.run(
                        "sql",
                        "-c",
                        "CREATE TABLE q (k STRING NOT NULL, c INT) WITH ('connector' = 'filesystem', 'path' = '"
                                + directory.resolve("q")
                                + "', 'format' = 'json');INSERT INTO q SELECT NULLIF(w, 'b'), v FROM (VALUES ('a', 1),"
                                + " ('b', 2)) AS n (w, v)");
        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.err()).contains("error[DATA_EXCEPTION]: ").contains("column k of table q may not be NULL");
        assertThat(directory.resolve("q").toFile().list()).isNullOrEmpty();
    }

    @Test
    void warnsOnceAndGoesOn() {
        Program program =
                Program.run(
                        "sql", "--output", "csv", "-c", "SET 'table.exec.mini-batch.enabled' = 'true'; SELECT 1 AS x");
        assertThat(program.err())
                .isEqualTo(
                        "warning: 'table.exec.mini-batch.enabled' has no effect here: rows always travel in batches\n");
        assertThat(program.out()).isEqualTo("x\n1\n");
    }

    @Test
    void endsQuietlyWhenNobodyReadsTheOutput() {
        assertThat(runInto("Broken pipe").exitCode()).isZero();
        assertThat(runInto("Broken pipe").err()).isEmpty();
        Program full = runInto("No space left on device");
        assertThat(full.exitCode()).isEqualTo(1);
        assertThat(full.err()).startsWith("error[DISK_FULL]: ");
    }

    private static Program runInto(String failure) {
        OutputStream broken =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException(failure);
                    }
                };
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
        Streams streams =
                new Streams(InputStreamOfNothing.INSTANCE, broken, new PrintStream(err, true, StandardCharsets.UTF_8));
        int exitCode = MillraceMain.run(new String[] {"sql", "-c", "SELECT 1"}, streams);
        return new Program(exitCode, "", err.toString(StandardCharsets.UTF_8));
    }

    private static final class InputStreamOfNothing extends java.io.InputStream {
        private static final InputStreamOfNothing INSTANCE = new InputStreamOfNothing();

        @Override
        public int read() {
            return -1;
        }
    }
}
