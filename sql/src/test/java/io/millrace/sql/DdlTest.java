package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.sql.catalog.CatalogMaterializedView;
import io.millrace.sql.catalog.CatalogTable;
import io.millrace.sql.parser.SqlScript;
import io.millrace.sql.parser.StatementParser;
import io.millrace.sql.statement.Statement;
import org.junit.jupiter.api.Test;

class DdlTest {
    private final PlannerHarness harness = PlannerHarness.withBids();

    private CatalogTable table(String name) {
        return (CatalogTable) harness.catalog.find(name).orElseThrow();
    }

    @Test
    void resolvesTypesComputedColumnsAndTheWatermark() {
        harness.run(
                """
                CREATE TABLE t (
                  a BIGINT NOT NULL, b DECIMAL(10, 2), c ROW<x INT, y ARRAY<STRING>>, m MAP<STRING, INT>,
                  seen TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
                  twice AS a * 2,
                  WATERMARK FOR seen AS seen - INTERVAL '1' MINUTE,
                  PRIMARY KEY (a) NOT ENFORCED
                ) PARTITIONED BY (b) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'x')
                """);
        CatalogTable table = table("t");
        assertThat(table.schema())
                .hasToString(
                        "(a BIGINT NOT NULL, b DECIMAL(10, 2), c ROW<x INT, y ARRAY<STRING>>, m MAP<STRING NOT NULL,"
                                + " INT>, seen TIMESTAMP_LTZ(3), twice BIGINT NOT NULL)");
        assertThat(table.watermark().delayMicros()).isEqualTo(60_000_000);
        assertThat(table.primaryKey()).containsExactly("a");
        assertThat(table.storedColumns()).hasSize(5);
        assertThat(table.writtenColumns()).hasSize(4);
        assertThat(table.sourceDescriptor().columns().get(4).metadataKey()).isEqualTo("timestamp");
        assertThat(table.sourceDescriptor().eventTimeColumn()).isEqualTo("seen");
    }

    @Test
    void showsAStatementThatMakesTheSameTable() {
        CatalogTable bids = table("bids");
        PlannerHarness other = new PlannerHarness();
        other.run(bids.toSql());
        assertThat(other.catalog.find("bids").orElseThrow()).isEqualTo(bids);
    }

    @Test
    void takesOverAnotherTablesColumnsButNotTheOptionsOfAnotherConnector() {
        harness.run("CREATE TABLE hybrid_bids (LIKE bids) WITH ('connector' = 'hybrid', 'stages' = 'history,bids')");
        CatalogTable both = table("hybrid_bids");
        assertThat(both.schema()).isEqualTo(table("bids").schema());
        assertThat(both.watermark()).isEqualTo(table("bids").watermark());
        assertThat(both.options()).containsOnlyKeys("connector", "stages");
    }

    @Test
    void mergesOptionsOfTheSameConnector() {
        harness.run("CREATE TABLE more (note STRING) WITH ('topic' = 'other') LIKE bids (EXCLUDING WATERMARKS)");
        CatalogTable more = table("more");
        assertThat(more.options()).containsEntry("connector", "kafka").containsEntry("topic", "other");
        assertThat(more.watermark()).isNull();
        assertThat(more.schema().name(more.schema().size() - 1)).isEqualTo("note");
    }

    @Test
    void aTableMadeAsAQueryHasTheQuerysColumns() {
        harness.run(
                "CREATE TABLE copy WITH ('connector' = 'filesystem', 'path' = 'x') AS SELECT auction, price * 2 AS"
                        + " twice FROM history");
        assertThat(table("copy").schema()).isEqualTo(Schema.of("auction", DataType.BIGINT, "twice", DataType.BIGINT));
    }

    @Test
    void viewsExpandAndKeepTheEventTime() {
        harness.run(
                """
                CREATE VIEW cheap AS SELECT auction, price, date_time AS seen FROM bids WHERE price < 100;
                CREATE VIEW renamed (a, p, t) AS SELECT * FROM cheap;
                """);
        assertThat(
                        harness.graph(
                                """
                                SELECT window_end, sum(p) FROM TABLE(TUMBLE(TABLE renamed, DESCRIPTOR(t), INTERVAL '1' MINUTE))
                                GROUP BY window_start, window_end
                                """))
                .isEqualTo(
                        """
                        Sink#4 result  x1 [unbounded]
                          Calc#3 select=[$2, $0] x1 [unbounded]
                            WindowAggregate#2 time=$1 size=60000000us slide=60000000us by=[] [SUM($0)] x1 [unbounded]
                              Calc#1 where=($0 < 100) select=[$0, $1] x2 -> gather [unbounded]
                                Scan#0 bids[price, date_time] prune=1 watermark-delay=4000000us kafka x2 [unbounded]
                        """);
    }

    @Test
    void aMaterializedViewKnowsItsKey() {
        harness.run("CREATE MATERIALIZED VIEW counts AS SELECT auction, count(*) AS n FROM bids GROUP BY auction");
        CatalogMaterializedView counts = (CatalogMaterializedView) harness.catalog.find("counts").orElseThrow();
        assertThat(counts.primaryKey()).containsExactly("auction");
        assertThat(counts.schema()).hasToString("(auction BIGINT, n BIGINT NOT NULL)");
    }

    @Test
    void computedColumnsAreComputedAboveTheScan() {
        harness.run("CREATE TABLE t (a BIGINT, b AS a + 1, c STRING) WITH ('connector' = 'filesystem', 'path' = 'x')");
        assertThat(harness.graph("SELECT c, b FROM t WHERE b > 3"))
                .isEqualTo(
                        """
                        Sink#2 result  x2 [bounded]
                          Calc#1 where=(($0 + 1) > 3) select=[$1, ($0 + 1)] x2 [bounded]
                            Scan#0 t[a, c] filesystem x2 [bounded]
                        """);
    }

    @Test
    void anInsertWritesTheTablesColumnsInItsOrderAndTypes() {
        harness.run("CREATE TABLE out (a DOUBLE, b STRING, c BIGINT) WITH ('connector' = 'filesystem', 'path' = 'x')");
        Statement.Insert insert =
                (Statement.Insert)
                        StatementParser.parse(
                                SqlScript.split("INSERT INTO out (c, a) SELECT auction, price FROM history")
                                        .getFirst());
        assertThat(harness.insert(insert).explain())
                .isEqualTo(
                        """
                        Sink#2 out fake x2 [bounded]
                          Calc#1 select=[CAST($1 AS DOUBLE), null, $0] x2 [bounded]
                            Scan#0 history[auction, price, date_time] filesystem x2 [bounded]
                        """);
    }

    @Test
    void aComputedEventTimeIsReadOffTheColumnsItNeeds() {
        harness.run(
                """
                CREATE TABLE t (ts BIGINT, price BIGINT, note STRING, seen AS TO_TIMESTAMP_LTZ(ts, 3),
                  WATERMARK FOR seen AS seen - INTERVAL '1' SECOND) WITH ('connector' = 'kafka')
                """);
        assertThat(
                        harness.graph(
                                """
                                SELECT window_end, sum(price) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(seen), INTERVAL '1' MINUTE))
                                GROUP BY window_start, window_end
                                """))
                .isEqualTo(
                        """
                        Sink#4 result  x1 [unbounded]
                          Calc#3 select=[$2, $0] x1 [unbounded]
                            WindowAggregate#2 time=$1 size=60000000us slide=60000000us by=[] [SUM($0)] x1 [unbounded]
                              Calc#1 select=[$1, TO_TIMESTAMP_LTZ($0, 3)] x2 -> gather [unbounded]
                                Scan#0 t[ts, price] watermark-delay=1000000us kafka x2 [unbounded]
                        """);
    }
}
