package io.millrace.it.constants;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.it.oracle.Configuration;
import io.millrace.it.oracle.EngineSession;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Casts give the same, or fail alike, whether what they cast is known to the planner or comes from a column. */
class ConstantsEqualColumnsTest {
    private static final List<String> TYPES =
            List.of(
                    "BOOLEAN",
                    "TINYINT",
                    "INT",
                    "BIGINT",
                    "DECIMAL(2, 1)",
                    "DECIMAL(20, 8)",
                    "FLOAT",
                    "DOUBLE",
                    "VARCHAR(3)",
                    "CHAR(12)",
                    "STRING",
                    "DATE",
                    "TIME(0)",
                    "TIMESTAMP(0)",
                    "TIMESTAMP(3)",
                    "TIMESTAMP(6)",
                    "TIMESTAMP(9)",
                    "TIMESTAMP_LTZ(3)");

    private static Millrace millrace;
    private static EngineSession session;

    @BeforeAll
    static void open() {
        millrace = Millrace.open(MillraceConfig.defaults().withParallelism(1));
        session = new EngineSession(millrace);
    }

    @AfterAll
    static void close() {
        session.close();
        millrace.close();
    }

    /** The rows, or the code of the error. */
    private static String outcome(String sql) {
        try {
            return session.answer(sql, Configuration.REFERENCE).rows(false).toString();
        } catch (MillraceException failure) {
            return failure.code() == ErrorCode.INTERNAL ? failure.toString() : failure.code().toString();
        }
    }

    /** A relation of two rows whose only column {@code x} has the value; the planner does not see through the union. */
    private static String column(String value) {
        return " FROM (SELECT " + value + " AS x UNION ALL SELECT " + value + ") AS v";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRUE",
                "1",
                "-7",
                "300",
                "9223372036854775807",
                "16777217",
                "1.25",
                "1.35",
                "-1.25",
                "0.1",
                "99.96",
                "123456789.123456785",
                "1.5E0",
                "0.1E0",
                "1E30",
                "CAST(0.1 AS FLOAT)",
                "'NaN'",
                "'Infinity'",
                "'-Infinity'",
                "' 1.25 '",
                "'0.1'",
                "'1e2'",
                "'true'",
                "'2024-01-01'",
                "'2024-01-01 00:00:00.123500'",
                "'2024-01-01 00:00:00.123456789'",
                "'2024-01-01 23:59:59.9999999'",
                "'12:34:56.9'",
                "'text that is long'",
                "DATE '2024-02-29'",
                "TIMESTAMP '2024-01-01 00:00:00.123456'",
                "TIMESTAMP '2024-01-01 00:00:00.9999999'",
                "TIME '12:34:56.7'"
            })
    void castsGiveTheSame(String value) {
        List<String> differences = new ArrayList<>();
        for (String type : TYPES) {
            String constant = outcome("SELECT CAST(" + value + " AS " + type + ")" + column("1"));
            String column = outcome("SELECT CAST(x AS " + type + ")" + column(value));
            if (!constant.equals(column)) {
                differences.add(type + ": " + constant + " of a constant, " + column + " of a column");
            }
            // NaN equals nothing, and a value that cannot be cast has nothing to be compared with.
            if (column.startsWith("[") && !column.contains("NaN")) {
                String equal = " WHERE CAST(x AS " + type + ") = CAST(" + value + " AS " + type + ")";
                String compared = outcome("SELECT count(*)" + column(value) + equal);
                if (!compared.equals("[2]")) {
                    differences.add(type + ": " + compared + " rows of two equal the constant");
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-01 00:00:00.123456",
                "2024-01-01 00:00:00.123999",
                "2024-01-01 00:00:00.000001",
                "2024-01-01 00:00:00.999999"
            })
    void textComparedWithATimeLosesNoDigits(String text) {
        String from = column("TIMESTAMP '" + text + "'");
        assertThat(outcome("SELECT count(*)" + from + " WHERE x = '" + text + "'")).isEqualTo("[2]");
        assertThat(outcome("SELECT count(*)" + from + " WHERE x >= '" + text + "'")).isEqualTo("[2]");
        assertThat(outcome("SELECT count(*)" + from + " WHERE x > '" + text + "'")).isEqualTo("[0]");
    }
}
