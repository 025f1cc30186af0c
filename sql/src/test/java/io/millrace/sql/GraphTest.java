package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphTest {
    private final PlannerHarness harness = PlannerHarness.withBids();

    private void assertGraph(String sql, String expected) {
        assertThat(harness.graph(sql).strip()).isEqualTo(expected.strip());
    }

    @Test
    void readsOnlyTheColumnsThatAreNeededAndAggregatesInTwoSteps() {
        assertGraph(
                "SELECT count(*), sum(price) FROM 'x/*.parquet'",
                """
                Sink#3 result  x1 [bounded]
                  Aggregate#2 by=[] [SUM($0), SUM($1)] x1 [bounded]
                    Aggregate#1 by=[] [COUNT(*), SUM($0)] x2 -> gather [bounded]
                      Scan#0 'x/*.parquet'[price] filesystem x2 [bounded]
                """);
    }

    @Test
    void readsNoColumnToCountRows() {
        assertGraph(
                "SELECT count(*) FROM 'x/*.parquet'",
                """
                Sink#3 result  x1 [bounded]
                  Aggregate#2 by=[] [SUM($0)] x1 [bounded]
                    Aggregate#1 by=[] [COUNT(*)] x2 -> gather [bounded]
                      Scan#0 'x/*.parquet'[] filesystem x2 [bounded]
                """);
    }

    @Test
    void statesConstantsWithoutComputingThem() {
        assertGraph(
                "SELECT 1",
                """
                Sink#1 result  x1 [bounded]
                  Values#0 rows=1 x1 [bounded]
                """);
    }

    @Test
    void aggregatesByWindowInOneOperator() {
        assertGraph(
                """
                SELECT auction, window_start, window_end, count(*), max(price)
                FROM TABLE(HOP(TABLE bids, DESCRIPTOR(date_time), INTERVAL '2' SECOND, INTERVAL '10' SECOND))
                WHERE price > 5 GROUP BY auction, window_start, window_end
                """,
                """
                Sink#4 result  x2 [unbounded]
                  Calc#3 select=[$0, $3, $4, $1, $2] x2 [unbounded]
                    WindowAggregate#2 time=$2 size=10000000us slide=2000000us by=[0] [COUNT(*), MAX($1)] x2 [unbounded]
                      Calc#1 where=($1 > 5) select=[$0, $1, $2] x2 -> hash[0] [unbounded]
                        Scan#0 bids[auction, price, date_time] prune=1 watermark-delay=4000000us kafka x2 [unbounded]
                """);
    }

    @Test
    void asksAboutBoundariesAboveTheWindowAggregate() {
        assertGraph(
                """
                SELECT auction, count(*)
                FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND))
                WHERE window_start > TIMESTAMP '2026-01-01 00:00:00' AND price > 5
                GROUP BY auction, window_end HAVING window_end < TIMESTAMP '2026-01-02 00:00:00'
                """,
                """
                Sink#5 result  x2 [unbounded]
                  Calc#4 select=[$0, $2] x2 [unbounded]
                    Calc#3 where=AND(($3 > 2026-01-01T00:00), ($2 < 2026-01-02T00:00)) select=[$0, $2, $1] x2 [unbounded]
                      WindowAggregate#2 time=$1 size=10000000us slide=10000000us by=[0] [COUNT(*)] x2 [unbounded]
                        Calc#1 where=($1 > 5) select=[$0, $2] x2 -> hash[0] [unbounded]
                          Scan#0 bids[auction, price, date_time] prune=1 watermark-delay=4000000us kafka x2 [unbounded]
                """);
    }

    @Test
    void staysAWindowAggregateOfRowsThatAreOnlyAddedUnderAConditionOnBoundaries() {
        String windows = "FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND)) ";
        for (String condition :
                new String[] {
                    "WHERE window_start > TIMESTAMP '2026-01-01 00:00:00' ", "WHERE window_start <> window_time "
                }) {
            assertThat(harness.graph("SELECT count(*) " + windows + condition + "GROUP BY window_start, window_end"))
                    .contains("WindowAggregate#")
                    .doesNotContain("The result changes");
        }
        assertThat(
                        harness.graph(
                                "SELECT count(*) "
                                        + windows
                                        + "WHERE window_start < date_time GROUP BY window_start, window_end"))
                .contains("WindowAssign#");
    }

    @Test
    void knowsTheKeyOfAWindowsResultByItsPlaceInTheResult() {
        String windows = "FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND)) ";
        assertThat(
                        harness.plan(
                                        "SELECT window_start, window_end, count(*), sum(price) "
                                                + windows
                                                + "GROUP BY window_start, window_end")
                                .uniqueKey())
                .containsExactly(0, 1);
        assertThat(
                        harness.plan(
                                        "SELECT max(price), auction, window_end, window_start "
                                                + windows
                                                + "GROUP BY window_start, window_end, auction")
                                .uniqueKey())
                .containsExactlyInAnyOrder(1, 2, 3);
        assertThat(
                        harness.plan(
                                        "SELECT max(price), window_end "
                                                + windows
                                                + "GROUP BY window_start, window_end, auction")
                                .uniqueKey())
                .isEmpty();
    }

    @Test
    void readsATableOnceForAllThatReadIt() {
        harness.run(
                """
                CREATE TABLE counts (k BIGINT, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'kafka');
                CREATE TABLE dear (auction BIGINT, price BIGINT) WITH ('connector' = 'kafka');
                """);
        assertGraph(
                """
                BEGIN STATEMENT SET;
                  INSERT INTO counts SELECT bidder, count(*) FROM bids GROUP BY bidder;
                  INSERT INTO dear SELECT auction, price FROM bids WHERE price > 5;
                END;
                """,
                """
                Sink#3 counts fake x2 [unbounded]
                  Aggregate#2 by=[0] [COUNT(*)] x2 [unbounded]
                    Calc#1 select=[$1] x2 -> hash[0] [unbounded]
                      Scan#0 bids[auction, bidder, price, date_time] watermark-delay=4000000us kafka x2 [unbounded]
                Sink#5 dear fake x2 [unbounded]
                  Calc#4 where=($2 > 5) select=[$0, $2] x2 [unbounded]
                    Scan#0 as above x2 [unbounded]

                The result changes as rows come.
                """);
    }

    @Test
    void readsFilesTwiceWhenEachReaderMayLeaveOutOthers() {
        String two = "SELECT price FROM history WHERE price < 5 UNION ALL SELECT price FROM history WHERE price > 9";
        assertThat(harness.graph(two))
                .contains("Scan#0 history[price, date_time] prune=1")
                .contains("Scan#2 history[price, date_time] prune=1");
        String one = "SELECT price FROM history WHERE price < 5 UNION ALL SELECT bidder FROM history WHERE price < 5";
        assertThat(harness.graph(one))
                .contains("Scan#0 history[bidder, price, date_time] prune=1")
                .contains("Scan#0 as above")
                .doesNotContain("Scan#2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT price, count(*) FROM history GROUP BY price                         | 0",
                "SELECT count(*), price + 1, bidder, price FROM history GROUP BY price, bidder | 2,3",
                "SELECT count(*) FROM history GROUP BY price                                | ''",
                "SELECT DISTINCT extra, url FROM history WHERE price > 1                    | 0,1",
                "SELECT price, c FROM (SELECT price, count(*) AS c FROM history WHERE price = 5 GROUP BY price) WHERE c"
                        + " > 1 | 0",
                "SELECT price FROM history                                                  | ''",
                "SELECT price FROM history GROUP BY price UNION ALL SELECT price FROM history | ''",
            })
    void knowsTheUniqueKeyOfTheResultByItsOwnColumns(String sql, String key) {
        List<Integer> expected =
                key.isEmpty() ? List.of() : Stream.of(key.split(",", -1)).map(Integer::valueOf).toList();
        assertThat(harness.plan(sql).uniqueKey()).containsExactlyInAnyOrderElementsOf(expected);
    }
}
