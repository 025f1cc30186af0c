package io.millrace.sql.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.sql.statement.ColumnDefinition;
import io.millrace.sql.statement.LikeClause;
import io.millrace.sql.statement.Name;
import io.millrace.sql.statement.ShowTarget;
import io.millrace.sql.statement.Statement;
import io.millrace.sql.statement.TableOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementParserTest {
    private static Statement parse(String sql) {
        return StatementParser.parse(SqlScript.split(sql).getFirst());
    }

    private static MillraceException failure(String sql) {
        return catchThrowableOfType(MillraceException.class, () -> parse(sql));
    }

    @Test
    void readsAWholeTableDefinition() {
        Statement.CreateTable table =
                (Statement.CreateTable)
                        parse(
                                """
                                CREATE TEMPORARY TABLE IF NOT EXISTS default_catalog.default_database.bids (
                                  auction BIGINT NOT NULL COMMENT 'which',
                                  price DECIMAL(10, 2),
                                  `extra` STRING,
                                  raw BYTES NULL,
                                  tags ARRAY<STRING NOT NULL>,
                                  person ROW<name STRING, age INT NOT NULL>,
                                  counts MAP<STRING, ARRAY<INT>>,
                                  date_time TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
                                  `offset` BIGINT METADATA,
                                  cents AS price * 100,
                                  watermark INT,
                                  WATERMARK FOR date_time AS date_time - INTERVAL '4' SECOND,
                                  CONSTRAINT pk PRIMARY KEY (auction) NOT ENFORCED
                                ) COMMENT 'all bids' PARTITIONED BY (auction) WITH (
                                  'connector' = 'kafka',
                                  'topic' = 'it''s'
                                ) LIKE other (INCLUDING ALL OVERWRITING OPTIONS EXCLUDING WATERMARKS)
                                """);
        assertThat(table.name().text()).isEqualTo("bids");
        assertThat(table.temporary()).isTrue();
        assertThat(table.ifNotExists()).isTrue();
        assertThat(table.definition().columns())
                .extracting(c -> c.name().text())
                .containsExactly(
                        "auction",
                        "price",
                        "extra",
                        "raw",
                        "tags",
                        "person",
                        "counts",
                        "date_time",
                        "offset",
                        "cents",
                        "watermark");
        ColumnDefinition.Metadata time = (ColumnDefinition.Metadata) table.definition().columns().get(7);
        assertThat(time.key()).isEqualTo("timestamp");
        assertThat(time.virtual()).isTrue();
        assertThat(table.definition().watermark().column().text()).isEqualTo("date_time");
        assertThat(table.definition().primaryKey()).extracting(Name::text).containsExactly("auction");
        assertThat(table.definition().options()).extracting(TableOption::value).containsExactly("kafka", "it's");
        assertThat(table.definition().options().get(1).keyPosition()).isEqualTo(new SqlPosition(17, 3));
        assertThat(table.like().merge(LikeClause.Part.WATERMARKS)).isEqualTo(LikeClause.Merge.EXCLUDING);
        assertThat(table.like().merge(LikeClause.Part.OPTIONS)).isEqualTo(LikeClause.Merge.OVERWRITING);
        assertThat(table.like().merge(LikeClause.Part.GENERATED)).isEqualTo(LikeClause.Merge.INCLUDING);
    }

    @Test
    void readsLikeInsideTheParentheses() {
        Statement.CreateTable table =
                (Statement.CreateTable) parse("CREATE TABLE bids (LIKE bids_live) WITH ('connector' = 'hybrid')");
        assertThat(table.like().table().text()).isEqualTo("bids_live");
        assertThat(table.definition().columns()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "SELECT count(*), sum(price) FROM 'path/*.parquet'",
                "SELECT b.price FROM 'a.parquet' AS b WHERE b.price > 10",
                "SELECT count(*) FILTER (WHERE price > 10) FROM bid",
                "SELECT * FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(date_time), INTERVAL '10' SECOND))",
                "SELECT * FROM TABLE(HOP(TABLE bid, DESCRIPTOR(date_time), INTERVAL '2' SECOND, INTERVAL '10' SECOND))",
                "SELECT * FROM TABLE(CUMULATE(TABLE bid, DESCRIPTOR(date_time), INTERVAL '2' SECOND, INTERVAL '10'"
                        + " SECOND))",
                "SELECT * FROM TABLE(TUMBLE(DATA => TABLE bid, TIMECOL => DESCRIPTOR(date_time), SIZE => INTERVAL '10'"
                        + " MINUTES))",
                "WITH a AS (SELECT 1 AS x) SELECT x FROM a",
                "VALUES (1, 'a'), (2, 'b')",
                "SELECT a FROM t UNION ALL SELECT b FROM u ORDER BY 1 LIMIT 5 OFFSET 2",
                "SELECT CASE WHEN a > 1 THEN 'x' ELSE 'y' END FROM t WHERE b IN (1, 2) AND c BETWEEN 1 AND 2",
                "SELECT CAST(a AS STRING), TRY_CAST(b AS TIMESTAMP_LTZ(3)), CAST(c AS ROW<x INT, y ARRAY<STRING>>) FROM"
                        + " t",
                "SELECT `value`, t.`row`.x FROM t",
                "SELECT * FROM bids$late",
                "TABLE bids",
            })
    void readsQueries(String sql) {
        assertThat(parse(sql)).isInstanceOf(Statement.Query.class);
    }

    @Test
    void readsTheOtherStatements() {
        assertThat(parse("INSERT INTO t SELECT 1")).isInstanceOf(Statement.Insert.class);
        assertThat(((Statement.Insert) parse("INSERT INTO t (a, b) VALUES (1, 2)")).columns()).hasSize(2);
        assertThat(((Statement.Insert) parse("INSERT INTO t (SELECT 1)")).columns()).isEmpty();
        assertThat(parse("CREATE VIEW v (a, b) AS SELECT 1, 2")).isInstanceOf(Statement.CreateView.class);
        assertThat(parse("CREATE OR REPLACE TEMPORARY VIEW v AS SELECT 1")).isInstanceOf(Statement.CreateView.class);
        Statement.CreateMaterializedView view =
                (Statement.CreateMaterializedView)
                        parse(
                                "CREATE MATERIALIZED VIEW v (PRIMARY KEY (a) NOT ENFORCED) WITH ('x' = 'y') AS SELECT 1"
                                        + " AS a");
        assertThat(view.primaryKey()).extracting(Name::text).containsExactly("a");
        view = (Statement.CreateMaterializedView) parse("CREATE MATERIALIZED VIEW v PRIMARY KEY (a) AS SELECT 1 AS a");
        assertThat(view.primaryKey()).extracting(Name::text).containsExactly("a");
        view = (Statement.CreateMaterializedView) parse("CREATE MATERIALIZED VIEW v AS SELECT 1 AS a");
        assertThat(view.primaryKey()).isEmpty();
        assertThat(parse("DROP TABLE IF EXISTS t")).isInstanceOf(Statement.Drop.class);
        assertThat(parse("DROP MATERIALIZED VIEW t")).isInstanceOf(Statement.Drop.class);
        Statement.SetOption set = (Statement.SetOption) parse("SET 'execution.runtime-mode' = 'batch'");
        assertThat(set.option().key()).isEqualTo("execution.runtime-mode");
        assertThat(((Statement.SetOption) parse("SET parallelism.n = 4")).option().value()).isEqualTo("4");
        assertThat(parse("SET")).isInstanceOf(Statement.ShowSettings.class);
        assertThat(((Statement.Reset) parse("RESET 'a.b'")).key().text()).isEqualTo("a.b");
        assertThat(((Statement.Reset) parse("RESET")).key()).isNull();
        assertThat(((Statement.Explain) parse("EXPLAIN SELECT 1")).json()).isFalse();
        assertThat(((Statement.Explain) parse("EXPLAIN PLAN FOR INSERT INTO t SELECT 1")).statement())
                .isInstanceOf(Statement.Insert.class);
        assertThat(((Statement.Explain) parse("EXPLAIN AS JSON SELECT 1")).json()).isTrue();
        assertThat(parse("explain memory")).isInstanceOf(Statement.ExplainMemory.class);
        assertThat(parse("SELECT memory FROM t")).isInstanceOf(Statement.Query.class);
        assertThat(((Statement.Explain) parse("EXPLAIN ESTIMATED_COST, CHANGELOG_MODE SELECT 1")).json()).isFalse();
        assertThat(((Statement.Show) parse("SHOW TABLES LIKE 'b%'")).like()).isEqualTo("b%");
        assertThat(((Statement.Show) parse("SHOW CREATE TABLE t")).target()).isEqualTo(ShowTarget.CREATE);
        assertThat(((Statement.Show) parse("show materialized views")).target())
                .isEqualTo(ShowTarget.MATERIALIZED_VIEWS);
        assertThat(((Statement.Describe) parse("DESC t")).name().text()).isEqualTo("t");
    }

    @Test
    void readsStatementSetsAndTheirPartsKnowTheirText() {
        Statement.StatementSet set =
                (Statement.StatementSet)
                        parse("BEGIN STATEMENT SET;\n  INSERT INTO a SELECT 1;\nINSERT INTO b\nSELECT 2 ;\nEND;");
        assertThat(set.inserts())
                .extracting(i -> i.source().text())
                .containsExactly("INSERT INTO a SELECT 1", "INSERT INTO b\nSELECT 2");
        assertThat(set.inserts().get(0).source().position()).isEqualTo(new SqlPosition(2, 3));
        assertThat(parse("EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; END"))
                .isInstanceOf(Statement.StatementSet.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "SELECT FROM t                    | 1 | 8  | expected an expression, found 'FROM'",
                "SELECT a FROM t WHRE x = 1       | 1 | 22 | expected ',' or the end of the statement, found 'x'",
                "SELECT a FROM t WHERE            | 1 | 22 | expected an expression, found the end of the statement",
                "SELECT (1 + 2                    | 1 | 14 | expected ')' or ',', found the end of the statement",
                "SELECT a FROM t GROUP            | 1 | 22 | expected BY, found the end of the statement",
                "CREATE TABLE t (a INT            | 1 | 22 | expected ')' or ',', found the end of the statement",
                "CREATE TABLE t (a)               | 1 | 18 | expected a data type or AS, found ')'",
                "CREATE TABLE t WITH (a = 'b')    | 1 | 22 | expected a string or ')', found 'a'",
                "INSERT t SELECT 1                | 1 | 8  | expected INTO, found 't'",
                "SELECT a # b FROM t              | 1 | 10 | unexpected '#'",
                "SELECT ~a~ FROM t                | 1 | 8  | expected an expression, found '~'",
                "SELCT 1                          | 1 | 1  | expected a statement, found 'SELCT'",
                "DROP DATABASE x                  | 1 | 6  | expected MATERIALIZED, TABLE, TEMPORARY or VIEW, found"
                        + " 'DATABASE'",
                "SELECT both FROM t               | 1 | 8  | expected an expression, found 'both'",
            })
    void pointsAtTheFirstWrongToken(String sql, int line, int column, String message) {
        MillraceException error = failure(sql.replace('~', '"'));
        assertThat(error.getMessage()).isEqualTo(message.replace('~', '"'));
        assertThat(error.position()).isEqualTo(new SqlPosition(line, column));
        assertThat(error.code()).isEqualTo(ErrorCode.SQL_SYNTAX);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT a FROM t WHRE x = 1 | Did you mean WHERE instead of WHRE?",
                "SELCT 1 | Did you mean 'SELECT'?",
                "SELECT both FROM t | BOTH is a reserved word; write `both` to use it as a name.",
                "SELECT ~a~ FROM t | Names are quoted with back-ticks, strings with single quotes.",
                "SELECT a FROM t ORDR BY a | Did you mean ORDER instead of ORDR?",
                "CREATE TBLE t | Did you mean TABLE?",
            })
    void saysWhatWasMeant(String sql, String help) {
        assertThat(failure(sql.replace('~', '"')).help()).isEqualTo(help);
    }

    @Test
    void placesErrorsInTheScript() {
        MillraceException error =
                catchThrowableOfType(
                        MillraceException.class,
                        () -> StatementParser.parse(SqlScript.split("SELECT 1;\n  SELECT\n\t, 2").get(1)));
        assertThat(error.position()).isEqualTo(new SqlPosition(3, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOT ", "- ", "CASE WHEN "})
    void refusesDeepNestingWithAPosition(String prefix) {
        MillraceException error = failure("SELECT " + prefix.repeat(20_000) + "1");
        assertThat(error.code()).isIn(ErrorCode.UNSUPPORTED, ErrorCode.SQL_SYNTAX);
        assertThat(error.position()).isNotNull();
    }

    @Test
    void refusesLongChainsBeforeTheyTakeLong() {
        String chain = "SELECT\n1" + " + 1".repeat(100_000);
        MillraceException error = catchThrowableOfType(MillraceException.class, () -> SqlScript.split(chain));
        assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(error.position()).isEqualTo(new SqlPosition(2, 4 * SqlScript.MAX_CHAIN + 3));
    }

    @Test
    void parsesTheDeepestNestingThatIsAllowedQuickly() {
        String nested = "(".repeat(200) + "1" + ")".repeat(200);
        assertThat(parse("SELECT " + nested)).isInstanceOf(Statement.Query.class);
    }
}
