package io.millrace.it.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.it.data.CorpusData;
import io.millrace.it.oracle.Answer;
import io.millrace.it.oracle.Configuration;
import io.millrace.it.oracle.DuckDb;
import io.millrace.it.oracle.EngineSession;
import io.millrace.memory.error.MillraceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random queries have the same answer here and on DuckDB, in a batch configuration and in a streaming one. {@code
 * -Dmillrace.it.seed=N} draws others, {@code -Dmillrace.it.queries=N} more.
 */
class DifferentialTest {
    private static final long SEED = Long.getLong("millrace.it.seed", 1L);
    private static final int QUERIES = Integer.getInteger("millrace.it.queries", 300);
    private static final int ENOUGH_FAILURES = 5;

    @TempDir static Path dir;

    @Test
    void answersRandomQueriesAsDuckDbDoes() {
        System.out.println("differential: -Dmillrace.it.seed=" + SEED + " -Dmillrace.it.queries=" + QUERIES);
        CorpusData.write(dir, 1);
        List<String> failures = new ArrayList<>();
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults().withParallelism(2));
                EngineSession session = new EngineSession(millrace);
                DuckDb duck = new DuckDb()) {
            for (String table : List.of("facts", "events", "dups")) {
                String view = "VIEW " + table + " AS SELECT * FROM '" + dir + "/" + table + "/*.parquet'";
                session.run("CREATE " + view);
                duck.run("CREATE " + view);
            }
            Rivals rivals = new Rivals(session, duck);
            SplittableRandom seeds = new SplittableRandom(SEED);
            for (int i = 0; i < QUERIES && failures.size() < ENOUGH_FAILURES; i++) {
                SplittableRandom random = seeds.split();
                RandomQuery query = new QueryGenerator(random).next();
                Configuration batch = draw(random, "batch");
                Configuration streaming = draw(random, "streaming");
                for (Configuration configuration : List.of(batch, streaming)) {
                    if (rivals.difference(query, configuration) != null) {
                        failures.add(rivals.report(query, configuration));
                        break;
                    }
                }
            }
        }
        assertThat(failures).describedAs("-Dmillrace.it.seed=%d", SEED).isEmpty();
    }

    private static Configuration draw(SplittableRandom random, String mode) {
        List<Configuration> all =
                Configuration.all().stream().filter(configuration -> configuration.mode().equals(mode)).toList();
        return all.get(random.nextInt(all.size()));
    }

    /** The two that are asked. */
    private record Rivals(EngineSession session, DuckDb duck) {
        /** How their answers differ, in few lines; null when they do not. */
        String difference(RandomQuery query, Configuration configuration) {
            Answer ours;
            try {
                ours = DuckDb.comparable(session.answer(query.text(Dialect.ENGINE), configuration));
            } catch (MillraceException | AssertionError failure) {
                return failure.toString();
            }
            Answer theirs;
            try {
                theirs = duck.answer(query.text(Dialect.DUCKDB), ours.types());
            } catch (AssertionError failure) {
                return "DuckDB: " + failure.getMessage();
            }
            String difference = Answer.difference(theirs.rows(query.isOrdered()), ours.rows(query.isOrdered()));
            return difference.isEmpty() ? null : difference;
        }

        /** What a smaller query must share: that rows differ, or the failure's words but for names and numbers. */
        private static String kind(String difference) {
            if (difference == null || difference.startsWith("expected ") || difference.startsWith("the order ")) {
                return difference == null ? "" : "rows";
            }
            return difference.lines().findFirst().orElse("").replaceAll("[0-9]+", "#");
        }

        String report(RandomQuery query, Configuration configuration) {
            String kind = kind(difference(query, configuration));
            RandomQuery smallest =
                    Shrinker.shrink(query, candidate -> kind.equals(kind(difference(candidate, configuration))));
            return configuration
                    + "\nengine: "
                    + smallest.text(Dialect.ENGINE)
                    + "\nDuckDB: "
                    + smallest.text(Dialect.DUCKDB)
                    + "\n"
                    + difference(smallest, configuration)
                    + "\n";
        }
    }
}
