package io.millrace.it.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Millrace;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.it.data.CorpusData;
import io.millrace.it.oracle.Configuration;
import io.millrace.it.oracle.EngineSession;
import io.millrace.memory.error.MillraceException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A batch sum is in range or not whatever the order of its rows and however they are shared out. In streaming mode the
 * sums on the way are results too.
 */
class SumsOfSharesTest {
    @TempDir static Path dir;

    private static Millrace millrace;
    private static EngineSession session;

    @BeforeAll
    static void open() {
        CorpusData.write(dir, 1);
        millrace = Millrace.open(MillraceConfig.defaults().withParallelism(2));
        session = new EngineSession(millrace);
        session.run("CREATE VIEW facts AS SELECT * FROM '" + dir + "/facts/*.parquet'");
    }

    @AfterAll
    static void close() {
        session.close();
        millrace.close();
    }

    private static String answer(String sql, Configuration configuration) {
        return String.join(" ", session.answer(sql, configuration).rows(false));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "7, 4", "4096, 1", "4096, 2", "4096, 4"})
    void areInRangeWhenTheWholeIs(int batchRows, int parallelism) {
        Configuration configuration = new Configuration("batch", batchRows, parallelism, "compiled", 50);
        String three = "(VALUES (9223372036854775807), (CAST(1 AS BIGINT)), (CAST(-5 AS BIGINT))) AS t (x)";
        assertThat(answer("SELECT sum(x) FROM " + three, configuration)).isEqualTo("9223372036854775803");
        assertThat(answer("SELECT x > x, sum(x) FROM " + three + " GROUP BY x > x", configuration))
                .isEqualTo("false\t9223372036854775803");
        String large = "CASE WHEN id < 100 THEN 9000000000000000000 WHEN id < 200 THEN -9000000000000000000 ELSE 1 END";
        assertThat(answer("SELECT sum(" + large + ") FROM facts WHERE id < 300", configuration)).isEqualTo("100");
        assertThat(answer("SELECT sum(CAST(" + large + " / 9000000000 AS INT)) FROM facts", configuration))
                .isEqualTo("0");
        assertThatThrownBy(() -> answer("SELECT sum(" + large + ") FROM facts WHERE id < 150", configuration))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("out of the range of BIGINT");
    }
}
