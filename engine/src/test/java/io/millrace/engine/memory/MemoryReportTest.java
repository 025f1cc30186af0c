package io.millrace.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.batch.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryReportTest {
    private static final MillraceConfig CONFIG = MillraceConfig.defaults().withParallelism(2);

    @Test
    void showsTheBudgetByTagAndByOwner() {
        try (Millrace millrace = Millrace.open(CONFIG);
                Session session = millrace.session()) {
            run(
                    session,
                    """
                    CREATE TABLE n (a BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '1000',
                      'rows-per-second' = '1000000', 'fields.a.min' = '0', 'fields.a.max' = '99');
                    CREATE MATERIALIZED VIEW counts AS SELECT a, COUNT(*) AS c FROM n GROUP BY a;
                    """);
            List<List<Object>> rows = run(session, "EXPLAIN MEMORY");
            MemorySplit split = CONFIG.memorySplit();
            assertThat(rows)
                    .anySatisfy(row -> {
                        assertThat(row.subList(0, 2)).containsExactly("budget", "all");
                        assertThat((long) row.get(2)).isPositive().isLessThanOrEqualTo((long) row.get(3));
                        assertThat(row.get(4)).isEqualTo(split.budgetBytes());
                    });
            assertThat(rows)
                    .anySatisfy(row -> {
                        assertThat(row.subList(0, 2)).containsExactly("tag", "view");
                        assertThat((long) row.get(2)).isPositive();
                    });
            assertThat(rows)
                    .anySatisfy(row -> {
                        assertThat(row.subList(0, 2)).containsExactly("owner", "views");
                        assertThat((long) row.get(2)).isPositive();
                    });
            assertThat(rows)
                    .anySatisfy(row -> {
                        assertThat(row.subList(0, 2)).containsExactly("jvm", "heap");
                        assertThat((long) row.get(2)).isBetween(1L, (long) row.get(4));
                    });
            assertThat(rows).allSatisfy(row -> assertThat(row.get(1).toString()).doesNotContain("job "));
        }
    }

    @Test
    void namesTheTasksOfAJobThatRuns() {
        try (Millrace millrace = Millrace.open(CONFIG);
                Session session = millrace.session()) {
            run(
                    session,
                    """
                    SET 'pipeline.name' = 'counting';
                    CREATE TABLE n (a BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000',
                      'fields.a.min' = '0', 'fields.a.max' = '99');
                    CREATE MATERIALIZED VIEW counts AS SELECT a, COUNT(*) AS c FROM n GROUP BY a;
                    """);
            org.awaitility.Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(run(session, "EXPLAIN MEMORY"))
                                    .filteredOn(row -> row.get(0).equals("owner"))
                                    .extracting(row -> row.get(1).toString())
                                    .contains("job counting")
                                    .anyMatch(name -> name.matches("job counting task .*Aggregate#\\d+.*\\[1]")));
        }
    }

    @Test
    void readsTheResidentSizeOfAProcess(@TempDir Path directory) throws Exception {
        Path status = directory.resolve("status");
        Files.writeString(
                status,
                "Name:\tjava\nVmRSS:\t    700 kB\nRssAnon:\t    400 kB\nRssFile:\t 200 kB\nRssShmem:\t 100 kB\n");
        ResidentSize size = ResidentSize.of(status);
        assertThat(size).isEqualTo(new ResidentSize(400 << 10, 100 << 10, 200 << 10));
        assertThat(size.boundedBytes()).isEqualTo(500 << 10);
        Files.writeString(status, "RssAnon:\t many\n");
        assertThat(ResidentSize.of(status).isKnown()).isFalse();
        assertThat(ResidentSize.of(directory.resolve("none")).boundedBytes()).isEqualTo(-1);
    }

    private static List<List<Object>> run(Session session, String sql) {
        List<List<Object>> rows = new ArrayList<>();
        try (Results results = session.execute(sql)) {
            for (Result result = results.next(); result != null; result = results.next()) {
                for (Batch batch = result.next(); batch != null; batch = result.next()) {
                    for (int row = 0; row < batch.rowCount(); row++) {
                        List<Object> values = new ArrayList<>();
                        for (int column = 0; column < batch.schema().size(); column++) {
                            values.add(batch.column(column).getObject(row));
                        }
                        rows.add(values);
                    }
                }
                result.close();
            }
        }
        return rows;
    }
}
