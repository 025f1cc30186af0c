package io.millrace.it.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Millrace;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.it.data.CorpusData;
import io.millrace.it.oracle.Answer;
import io.millrace.it.oracle.Configuration;
import io.millrace.it.oracle.DuckDb;
import io.millrace.it.oracle.EngineSession;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of the corpus gives one answer, whatever the mode, the batch size, the parallelism and the kernels, and
 * it is the one that the file or DuckDB states. Each query runs in both modes at every batch size with every
 * parallelism, with the kernels that {@code -Dmillrace.it.seed} draws; {@code -Dmillrace.it.configurations=all} runs
 * both kernels, {@code -Dmillrace.it.file=NAME} only one file.
 */
class CorpusTest {
    private static final Path CORPUS = Path.of("slt");
    private static final String KNOWN_FAILURES = "known-failures.slt";
    private static final long SEED = Long.getLong("millrace.it.seed", 1L);
    private static final boolean ALL = "all".equals(System.getProperty("millrace.it.configurations"));

    private static final int RETRACTION_ATTEMPTS = 5;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String SPILL = "millrace.spill-directory";
    private static final List<EngineSession> SESSIONS = new ArrayList<>();
    private static Millrace millrace;
    private static DuckDb duck;

    @TempDir static Path dir;

    @BeforeAll
    static void open() {
        System.out.println("corpus: -Dmillrace.it.seed=" + SEED);
        CorpusData.write(dir, 1);
        if (Files.isWritable(SHARED_MEMORY) && SHARED_MEMORY.toFile().getUsableSpace() > 1L << 30) {
            // State that is evicted batch by batch is small files by the thousand, each synced.
            System.setProperty(SPILL, SHARED_MEMORY.resolve("millrace-spill").toString());
        }
        millrace = Millrace.open(MillraceConfig.defaults().withParallelism(2));
        duck = new DuckDb();
    }

    /** Fails when anything leaked. */
    @AfterAll
    static void close() {
        SESSIONS.forEach(EngineSession::close);
        millrace.close();
        System.clearProperty(SPILL);
        duck.close();
    }

    @TestFactory
    Stream<DynamicNode> everyConfigurationGivesTheSameAnswer() throws IOException {
        String only = System.getProperty("millrace.it.file");
        try (Stream<Path> files = Files.list(CORPUS)) {
            List<Path> sorted =
                    files.filter(file -> file.toString().endsWith(".slt"))
                            .filter(file -> !file.getFileName().toString().startsWith("tables"))
                            .filter(file -> only == null || file.getFileName().toString().equals(only))
                            .sorted()
                            .toList();
            return sorted.stream().map(CorpusTest::container);
        }
    }

    private static DynamicNode container(Path file) {
        EngineSession session = new EngineSession(millrace);
        SESSIONS.add(session);
        boolean known = file.endsWith(KNOWN_FAILURES);
        List<DynamicTest> tests = new ArrayList<>();
        for (CorpusRecord record : CorpusFile.read(file)) {
            String name = record.place() + " " + record.sql().replaceAll("\\s+", " ");
            tests.add(
                    DynamicTest.dynamicTest(
                            name.length() > 150 ? name.substring(0, 150) + " …" : name,
                            () -> {
                                if (known && record instanceof CorpusRecord.Query) {
                                    assertThat(catchThrowable(() -> run(record, session)))
                                            .describedAs("no longer fails: move it out of " + KNOWN_FAILURES)
                                            .isNotNull();
                                } else {
                                    run(record, session);
                                }
                            }));
        }
        return DynamicContainer.dynamicContainer(file.getFileName().toString(), tests);
    }

    private static String filled(String sql) {
        return sql.replace("${data}", dir.toString());
    }

    private static void run(CorpusRecord record, EngineSession session) {
        switch (record) {
            case CorpusRecord.Ok ok -> session.run(filled(ok.sql()));
            case CorpusRecord.DuckDbStatement statement -> duck.run(filled(statement.sql()));
            case CorpusRecord.Failing failing -> fail(failing, session);
            case CorpusRecord.Query query -> ask(query, session);
        }
    }

    private static void fail(CorpusRecord.Failing failing, EngineSession session) {
        Throwable thrown = catchThrowable(() -> session.run(filled(failing.sql())));
        assertThat(thrown).isInstanceOf(MillraceException.class);
        MillraceException error = (MillraceException) thrown;
        assertThat(error.code()).describedAs(error.getMessage()).isEqualTo(failing.code());
        assertThat(error.getMessage()).containsPattern(failing.message());
        if (failing.position() != null) {
            assertThat(error.position()).isEqualTo(failing.position());
        }
        if (failing.help() != null) {
            assertThat(error.help()).containsPattern(failing.help());
        }
    }

    private static void ask(CorpusRecord.Query query, EngineSession session) {
        String sql = filled(query.sql());
        Answer reference = session.answer(sql, Configuration.REFERENCE);
        assertThat(reference.types()).describedAs("types of the columns").isEqualTo(query.types());
        List<String> expected = reference.rows(query.sorted());
        checkExpected(query, reference);
        List<Configuration> configurations =
                ALL ? Configuration.all() : Configuration.drawn(new SplittableRandom(SEED ^ sql.hashCode()));
        List<String> differences = new ArrayList<>();
        long takenBack = 0;
        for (Configuration configuration : configurations) {
            String difference;
            try {
                Answer answer = session.answer(sql, configuration);
                boolean sorted = query.sorted() && answer.takenBack() == 0;
                takenBack += answer.takenBack();
                difference = Answer.difference(reference.rows(sorted), answer.rows(sorted));
            } catch (MillraceException | AssertionError failure) {
                difference = failure.toString();
            }
            if (!difference.isEmpty()) {
                differences.add(configuration + ": " + difference);
            }
        }
        assertThat(differences).describedAs("%s\n%s rows", query.place(), expected.size()).isEmpty();
        if (query.retracts()) {
            // Only rows of different epochs are taken back one by one, and where epochs end is a matter of time.
            for (int attempt = 0; takenBack == 0 && attempt < RETRACTION_ATTEMPTS; attempt++) {
                for (Configuration configuration : configurations) {
                    takenBack += session.answer(sql, configuration).takenBack();
                }
            }
            assertThat(takenBack).describedAs("rows taken back in streaming mode").isPositive();
        }
        await("bytes are freed after the query")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(CorpusTest::holdsNothing);
    }

    /** Whether nothing is held but what is kept for reuse. */
    private static boolean holdsNothing() {
        return Set.of(MemoryTag.POOL).containsAll(millrace.memory().usageByTag().keySet());
    }

    private static void checkExpected(CorpusRecord.Query query, Answer reference) {
        switch (query.expected()) {
            case CorpusRecord.StatedRows stated -> {
                List<String> rows = query.sorted() ? stated.rows() : stated.rows().stream().sorted().toList();
                assertThat(Answer.difference(rows, reference.rows(query.sorted()))).isEmpty();
            }
            case CorpusRecord.DuckDbRows other -> {
                Answer answer = duck.answer(filled(other.sql()), reference.types());
                Answer ours = DuckDb.comparable(reference);
                assertThat(Answer.difference(answer.rows(query.sorted()), ours.rows(query.sorted())))
                        .describedAs("beside DuckDB")
                        .isEmpty();
            }
            case CorpusRecord.Parity none -> {}
        }
    }

    @Test
    void asksEnoughQuestions() throws IOException {
        List<CorpusRecord.Query> queries = new ArrayList<>();
        try (Stream<Path> files = Files.list(CORPUS)) {
            files.filter(file -> file.toString().endsWith(".slt") && !file.endsWith(KNOWN_FAILURES))
                    .forEach(file -> {
                        for (CorpusRecord record : CorpusFile.read(file)) {
                            if (record instanceof CorpusRecord.Query query) {
                                queries.add(query);
                            }
                        }
                    });
        }
        assertThat(queries).hasSizeGreaterThanOrEqualTo(150);
        assertThat(queries.stream().filter(CorpusRecord.Query::retracts)).hasSizeGreaterThanOrEqualTo(30);
    }
}
