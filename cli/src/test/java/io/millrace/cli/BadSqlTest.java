package io.millrace.cli;

import static io.millrace.memory.error.ErrorCode.ALREADY_EXISTS;
import static io.millrace.memory.error.ErrorCode.DATA_EXCEPTION;
import static io.millrace.memory.error.ErrorCode.INVALID_OPTION;
import static io.millrace.memory.error.ErrorCode.SQL_INVALID;
import static io.millrace.memory.error.ErrorCode.SQL_SYNTAX;
import static io.millrace.memory.error.ErrorCode.UNKNOWN_COLUMN;
import static io.millrace.memory.error.ErrorCode.UNKNOWN_FUNCTION;
import static io.millrace.memory.error.ErrorCode.UNKNOWN_OPTION;
import static io.millrace.memory.error.ErrorCode.UNKNOWN_TABLE;
import static io.millrace.memory.error.ErrorCode.UNSUPPORTED;

import io.millrace.memory.error.ErrorCode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SQL that cannot be run is refused where it is wrong, with the nearest name that is right. */
class BadSqlTest {
    private static final String TABLE =
            "CREATE TABLE bids (auction BIGINT, price BIGINT, channel STRING)"
                    + " WITH ('connector' = 'datagen', 'number-of-rows' = '3');\n";

    /**
     * A script whose last line is wrong.
     *
     * @param column where in the last line; 0 when no place is stated
     */
    private record Case(String lastLine, ErrorCode code, int column, List<String> parts) {
        @Override
        public String toString() {
            return code + " " + lastLine;
        }
    }

    private static Case wrong(String lastLine, ErrorCode code, int column, String... parts) {
        return new Case(lastLine, code, column, List.of(parts));
    }

    static Stream<Case> names() {
        return Stream.of(
                wrong("SELECT * FROM bidz", UNKNOWN_TABLE, 15, "bidz", "help: Did you mean 'bids'?"),
                wrong("SELECT pric FROM bids", UNKNOWN_COLUMN, 8, "pric", "help: Did you mean 'price'?"),
                wrong("SELECT b.chanel FROM bids b", UNKNOWN_COLUMN, 10, "help: Did you mean 'channel'?"),
                wrong("SELECT uper(channel) FROM bids", UNKNOWN_FUNCTION, 8, "help: Did you mean 'UPPER'?"),
                wrong("SET 'view.epoc' = '1 s'", UNKNOWN_OPTION, 5, "view.epoc", "help: Did you mean 'view.epoch'?"),
                wrong("SET 'view.epoch' = 'soon'", INVALID_OPTION, 20, "soon"),
                wrong("CREATE TABLE t (a INT) WITH ('conector' = 'datagen')", INVALID_OPTION, 0, "connector"),
                wrong(
                        "CREATE TABLE t (a INT) WITH ('connector' = 'datagan')",
                        INVALID_OPTION,
                        0,
                        "datagan",
                        "help: Did you mean 'datagen'?"),
                wrong(
                        "CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'number-of-row' = '1')",
                        UNKNOWN_OPTION,
                        0,
                        "number-of-row",
                        "help: Did you mean 'number-of-rows'?"),
                wrong("CREATE TABLE bids (a INT) WITH ('connector' = 'datagen')", ALREADY_EXISTS, 0, "bids"),
                wrong("DROP TABLE bid", UNKNOWN_TABLE, 12, "help: Did you mean 'bids'?"));
    }

    static Stream<Case> texts() {
        return Stream.of(
                wrong("SELEC 1", SQL_SYNTAX, 1),
                wrong("SELECT auction price, FROM bids", SQL_SYNTAX, 23),
                wrong("SELECT (1 + 2", SQL_SYNTAX, 0),
                wrong("SELECT 'open FROM bids", SQL_SYNTAX, 8),
                wrong("SELECT 1 /* open", SQL_SYNTAX, 10),
                wrong("SELECT \u0001 FROM bids", SQL_SYNTAX, 8),
                wrong("SELECT price FROM bids WHERE price >> 1", SQL_SYNTAX, 0),
                wrong("SELECT price, count(*) FROM bids", SQL_INVALID, 8, "neither grouped nor aggregated"),
                wrong("SELECT price + channel FROM bids", SQL_INVALID, 8, "BIGINT + STRING"),
                wrong("SELECT DATE '2026-13-01'", SQL_INVALID, 8, "2026-13-01"),
                wrong("INSERT INTO bids SELECT 1", SQL_INVALID, 0),
                wrong("SELECT * FROM bids a JOIN bids b ON a.price = b.price", UNSUPPORTED, 22, "joins"));
    }

    @ParameterizedTest
    @MethodSource({"names", "texts"})
    void isRefusedWhereItIsWrong(Case wrong) {
        Refusal refusal = Refusal.ofSql(TABLE + wrong.lastLine());
        refusal.is(wrong.code(), wrong.parts().toArray(String[]::new));
        if (wrong.column() > 0) {
            refusal.at(2, wrong.column());
        }
    }

    @Test
    void saysOfAValueThatHasNoAnswerWhatItIs() {
        Refusal.ofSql("SELECT CAST(x AS INT) FROM (VALUES ('1'), ('one')) AS t (x)").is(DATA_EXCEPTION, "one");
        Refusal.ofSql("SELECT x + 9223372036854775807 FROM (VALUES (CAST(1 AS BIGINT))) AS t (x)").is(DATA_EXCEPTION);
        Refusal.ofSql("SET 'view.epoch' = '1 s';\n  SELECT 10 / x FROM (VALUES (1), (0)) AS t (x)")
                .is(DATA_EXCEPTION, "division by zero: 10 / 0")
                .at(2, 3);
    }
}
