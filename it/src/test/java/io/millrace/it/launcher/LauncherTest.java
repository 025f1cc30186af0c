package io.millrace.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.memory.MemorySplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    private static final Path SCRIPT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent().resolve("millrace");

    @TempDir Path directory;

    private record Outcome(int exitCode, String out, String err) {
        List<String> flags() {
            return out.lines().toList();
        }
    }

    @BeforeEach
    void unpackADistribution() throws IOException {
        Files.copy(SCRIPT, directory.resolve("millrace"));
        Files.createDirectories(directory.resolve("lib"));
        Files.createFile(directory.resolve("lib/b.jar"));
        Files.createFile(directory.resolve("lib/a.jar"));
        java("25.0.1");
    }

    @Test
    void startsTheProcessWithTheSplitOfTheMemory() throws Exception {
        for (long mebibytes : List.of(512L, 513L, 700L, 1024L, 2048L, 8192L, 16_383L, 32_768L, 65_536L, 900_000L)) {
            MemorySplit split = MemorySplit.of(mebibytes << 20);
            assertThat(run("run", "job.sql", "--memory", mebibytes + "m").flags())
                    .contains(
                            "-Xmx" + (split.heapBytes() >> 20) + "m",
                            "-XX:MaxDirectMemorySize=" + (split.directBytes() >> 20) + "m",
                            "-Dmillrace.memory-bytes=" + split.memoryBytes());
        }
    }

    @Test
    void readsTheMemoryInAnyUnitTheLastOneWins() throws Exception {
        assertThat(run("sql", "-c", "SELECT 1").flags()).contains("-Dmillrace.memory-bytes=2147483648", "-Xmx512m");
        assertThat(run("run", "--memory=8G", "job.sql").flags()).contains("-Dmillrace.memory-bytes=8589934592");
        assertThat(run("run", "--memory", "1g", "job.sql", "--memory", "524288k").flags())
                .contains("-Dmillrace.memory-bytes=536870912");
    }

    @Test
    void boundsWhatTheCLibraryKeeps() throws Exception {
        Path java = directory.resolve("jdk/bin/java");
        Files.writeString(java, "#!/bin/sh\nenv | grep ^MALLOC_\n");
        assertThat(run("run", "job.sql").flags())
                .containsExactlyInAnyOrder(
                        "MALLOC_ARENA_MAX=2", "MALLOC_MMAP_THRESHOLD_=131072", "MALLOC_TRIM_THRESHOLD_=1048576");
        assertThat(run(Map.of("MALLOC_ARENA_MAX", "1"), "run", "job.sql").flags()).contains("MALLOC_ARENA_MAX=1");
    }

    @Test
    void refusesMemoryThatIsTooSmallOrNoSize() throws Exception {
        for (String bad : List.of("511m", "0", "2", "2x", "", "-1g", "1.5g", "99999999999999g", "9999999g", "g")) {
            Outcome outcome = run("run", "job.sql", "--memory", bad);
            assertThat(outcome.exitCode()).as(bad).isEqualTo(2);
            assertThat(outcome.err()).startsWith("error[INVALID_OPTION]: --memory: expected ").contains("help: ");
            assertThat(outcome.out()).isEmpty();
        }
        assertThat(run("run", "job.sql", "--memory").err()).contains("found nothing");
    }

    @Test
    void takesSqlThatLooksLikeAnOptionForSql() throws Exception {
        Outcome outcome = run("sql", "-c", "--memory");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.flags()).contains("-Xmx512m").endsWith("sql", "-c", "--memory");
    }

    @Test
    void passesArgumentsAsTheyAre() throws Exception {
        assertThat(run("sql", "-c", "SELECT  'ü *'", "--memory", "1g", "").out())
                .endsWith("io.millrace.cli.MillraceMain\nsql\n-c\nSELECT  'ü *'\n--memory\n1g\n\n");
    }

    @Test
    void listsTheJarsInOrder() throws Exception {
        assertThat(run("--help").flags())
                .contains(directory.resolve("lib/a.jar") + ":" + directory.resolve("lib/b.jar"));
    }

    @Test
    void loadsTheVectorApiOnlyForCommandsThatTouchRows() throws Exception {
        String vector = "--add-modules=jdk.incubator.vector";
        assertThat(run("sql", "-c", "SELECT 1").flags()).doesNotContain(vector);
        assertThat(run("sql", "--help").flags()).doesNotContain(vector);
        assertThat(run("explain", "-c", "SELECT * FROM t").flags()).doesNotContain(vector);
        assertThat(run("sql", "-c", "select count(*) from t").flags()).contains(vector);
        assertThat(run("sql").flags()).contains(vector);
        assertThat(run("demo").flags()).contains(vector);
        assertThat(run(Map.of("MILLRACE_VECTOR", "off"), "demo").flags()).doesNotContain(vector);
        assertThat(run(Map.of("MILLRACE_VECTOR", "on"), "explain").flags()).contains(vector);
    }

    @Test
    void optionsOfAllCommandsMayStandBeforeTheCommand() throws Exception {
        List<String> before = run("--memory", "1g", "--parallelism", "2", "--verbose", "run", "job.sql").flags();
        List<String> behind = run("run", "--memory", "1g", "--parallelism", "2", "--verbose", "job.sql").flags();
        assertThat(before.subList(0, before.indexOf("io.millrace.cli.MillraceMain")))
                .isEqualTo(behind.subList(0, behind.indexOf("io.millrace.cli.MillraceMain")))
                .contains("-XX:+UseG1GC", "-Dmillrace.memory-bytes=1073741824");
    }

    @Test
    void findsAJavaThatIsNewEnough() throws Exception {
        java("17.0.2");
        Outcome outcome = run("--help");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("expected a JDK 25 or later, found " + directory.resolve("jdk"));
        java("26-ea");
        assertThat(run("--help").exitCode()).isZero();
    }

    @Test
    void runsThroughASymbolicLink() throws Exception {
        Path link = directory.resolve("elsewhere");
        Files.createSymbolicLink(link, Path.of("millrace"));
        assertThat(start(link, Map.of(), List.of("--help")).exitCode()).isZero();
    }

    private void java(String version) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("jdk/bin"));
        Path java = bin.resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(directory.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private Outcome run(String... arguments) throws Exception {
        return run(Map.of(), arguments);
    }

    private Outcome run(Map<String, String> environment, String... arguments) throws Exception {
        return start(directory.resolve("millrace"), environment, List.of(arguments));
    }

    private Outcome start(Path script, Map<String, String> environment, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(arguments);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("MILLRACE_JAVA_HOME", directory.resolve("jdk").toString());
        builder.environment().remove("MILLRACE_JAVA_OPTS");
        builder.environment().remove("MILLRACE_VECTOR");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
