package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanningTest {
    private final PlannerHarness harness = PlannerHarness.withBids();

    private void mode(RuntimeMode mode) {
        harness.options = new PlanOptions(mode, 2, false);
    }

    @Test
    void choosesBatchWhenEverySourceEnds() {
        QueryPlan history = harness.plan("SELECT auction, count(*) FROM history GROUP BY auction");
        assertThat(history.isBatch()).isTrue();
        assertThat(history.changelogKind()).isEqualTo(ChangelogKind.APPEND);
        QueryPlan live = harness.plan("SELECT auction, count(*) FROM bids GROUP BY auction");
        assertThat(live.isBatch()).isFalse();
        assertThat(live.changelogKind()).isEqualTo(ChangelogKind.RETRACT);
        assertThat(live.uniqueKey()).containsExactly(0);
    }

    @Test
    void streamsOverBoundedInputWhenAsked() {
        mode(RuntimeMode.STREAMING);
        QueryPlan plan = harness.plan("SELECT auction, count(*) FROM history GROUP BY auction");
        assertThat(plan.isBatch()).isFalse();
        assertThat(plan.isBounded()).isTrue();
        assertThat(plan.changelogKind()).isEqualTo(ChangelogKind.RETRACT);
        assertThat(harness.plan("SELECT price FROM history").changelogKind()).isEqualTo(ChangelogKind.APPEND);
    }

    @Test
    void refusesAnUnboundedTableInBatchModeWhereItIsNamed() {
        mode(RuntimeMode.BATCH);
        MillraceException error = harness.failure("SELECT count(*)\nFROM bids");
        assertThat(error.code()).isEqualTo(ErrorCode.SQL_INVALID);
        assertThat(error.position()).isEqualTo(new SqlPosition(2, 6));
        assertThat(error.getMessage()).isEqualTo("bids never ends, and execution.runtime-mode is batch");
    }

    @Test
    void refusesAWindowOnWhatIsNoEventTimeInStreamingModeOnly() {
        String sql =
                "SELECT count(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(seen), INTERVAL '1' MINUTE)) GROUP BY"
                        + " window_start";
        harness.run("CREATE TABLE t (seen TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = 'x')");
        assertThat(harness.plan(sql).isBatch()).isTrue();
        mode(RuntimeMode.STREAMING);
        MillraceException error = harness.failure(sql);
        assertThat(error.getMessage()).isEqualTo("windows in streaming mode need an event time; seen is none");
        assertThat(error.position()).isEqualTo(new SqlPosition(1, sql.indexOf("seen)") + 1));
    }

    @Test
    void anAggregatesWindowTimeIsAnEventTimeAgain() {
        String inner =
                "SELECT window_time AS t, auction, count(*) AS n FROM "
                        + "TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND)) "
                        + "GROUP BY window_start, window_end, window_time, auction";
        harness.run("CREATE VIEW by_auction AS " + inner);
        assertThat(
                        harness.plan(
                                        "SELECT window_end, max(n) FROM TABLE(TUMBLE(TABLE by_auction, DESCRIPTOR(t),"
                                                + " INTERVAL '1' MINUTE)) GROUP BY window_start, window_end")
                                .changelogKind())
                .isEqualTo(ChangelogKind.APPEND);
    }

    @Test
    void refusesASinkThatCannotTakeChanges() {
        harness.run("CREATE TABLE out (a BIGINT, n BIGINT) WITH ('connector' = 'filesystem', 'accepts' = 'APPEND')");
        MillraceException error =
                harness.failure("INSERT INTO out SELECT auction, count(*) FROM bids GROUP BY auction");
        assertThat(error.getMessage()).startsWith("out takes only new rows");
        assertThat(harness.failure("INSERT INTO out SELECT auction, count(*) FROM history GROUP BY auction")).isNull();
    }

    @Test
    void showsEarlyResultsOnlyWhenAsked() {
        String sql =
                "CREATE MATERIALIZED VIEW v AS SELECT window_start, count(*) AS n FROM TABLE(TUMBLE(TABLE bids,"
                        + " DESCRIPTOR(date_time), INTERVAL '10' SECOND)) GROUP BY window_start, window_end";
        assertThat(harness.explain("EXPLAIN " + sql)).contains("early");
    }

    @Test
    void explainsAsJson() {
        String json = harness.explain("EXPLAIN AS JSON SELECT count(*) FROM history");
        assertThat(json).startsWith("{\"mode\":\"batch\",\"logical\":[\"LogicalAggregate");
        assertThat(json)
                .contains("\"operators\":[{\"id\":0,\"name\":\"Scan\"", "\"bounded\":true", "\"inputs\":[{\"from\":0,");
    }

    @Test
    void readsSideTablesAndMaterializedViews() {
        harness.run("CREATE MATERIALIZED VIEW counts AS SELECT auction, count(*) AS n FROM bids GROUP BY auction");
        assertThat(harness.graph("SELECT auction FROM counts")).contains("engine counts");
        assertThat(harness.graph("SELECT auction FROM bids$late")).contains("engine bids$late");
        assertThat(harness.failure("SELECT * FROM nope$late").code()).isEqualTo(ErrorCode.UNKNOWN_TABLE);
    }

    @Test
    void plansComparisonsThatBecomeOnesWithNull() {
        assertThat(harness.failure("SELECT DISTINCT url FROM history WHERE url <= NULLIF('a', 'a')")).isNull();
        String never = "SELECT url, CASE WHEN 1 > 2 THEN 'a' END AS x FROM history";
        assertThat(harness.failure("SELECT url, count(*) FROM (" + never + ") AS t WHERE url = x GROUP BY url"))
                .isNull();
    }

    @Test
    void plansLongAndDeepQueriesOrSaysWhyNot() {
        String sum = IntStream.range(0, 2_000).mapToObj(i -> "price").collect(Collectors.joining(" + "));
        assertThat(harness.plan("SELECT " + sum + " FROM bids").schema().size()).isEqualTo(1);
        String list = IntStream.range(0, 5_000).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        assertThat(harness.plan("SELECT 1 FROM bids WHERE price IN (" + list + ")").schema().size()).isEqualTo(1);
        String nested = "(SELECT * FROM ".repeat(200) + "bids" + ")".repeat(200);
        assertThat(harness.plan("SELECT * FROM " + nested).schema().size()).isEqualTo(7);
        String tooLong = IntStream.range(0, 4_500).mapToObj(i -> "price").collect(Collectors.joining(" + "));
        MillraceException error = harness.failure("SELECT " + tooLong + " FROM bids");
        assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(error.position()).isNotNull();
    }
}
