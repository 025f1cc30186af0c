package io.millrace.connectors.basic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceContract;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DatagenSourceTest {
    private static final Schema SCHEMA =
            Schema.of(
                    "id", DataType.BIGINT,
                    "small", DataType.TINYINT,
                    "real", DataType.DOUBLE,
                    "price", DataType.decimal(30, 4),
                    "name", DataType.varchar(8),
                    "note", DataType.VARCHAR,
                    "raw", DataType.binary(5),
                    "at", DataType.TIMESTAMP,
                    "tags", DataType.array(DataType.INT),
                    "pairs", DataType.map(DataType.INT, DataType.VARCHAR),
                    "nested", DataType.row(List.of(new Field("a", DataType.INT), new Field("b", DataType.BOOLEAN))));

    private static Source source(Schema schema, String... options) {
        return new DatagenConnectorFactory().createSource(TestTables.table("t", schema, options), TestTables.context());
    }

    private static Source allTypes() {
        return source(
                SCHEMA,
                "rows-per-second",
                "1000000",
                "base-time",
                "2026-01-01",
                "fields.id.kind",
                "sequence",
                "fields.id.start",
                "11",
                "fields.id.end",
                "200",
                "fields.small.min",
                "-3",
                "fields.small.max",
                "3",
                "fields.note.length",
                "20",
                "fields.note.var-len",
                "true",
                "fields.note.null-rate",
                "0.3",
                "fields.at.max-past",
                "1 h",
                "fields.nested.a.min",
                "5",
                "fields.nested.a.max",
                "5");
    }

    private static List<List<Object>> readAll(Source source) {
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            return driver.toEnd().rows();
        }
    }

    @Nested
    class Contract extends SourceContract {
        // BINARY values are arrays, which have no equality of content.
        private final Schema schema =
                new Schema(SCHEMA.fields().stream().filter(f -> !f.name().equals("raw")).toList());

        @Override
        protected Source source() {
            return DatagenSourceTest.source(
                    schema,
                    "rows-per-second",
                    "1000000",
                    "base-time",
                    "2026-01-01",
                    "number-of-rows",
                    "100",
                    "fields.note.null-rate",
                    "0.3");
        }

        @Override
        protected List<List<Object>> expectedRows() {
            return readAll(source());
        }
    }

    @Test
    void makesValuesInTheirRanges() {
        List<List<Object>> rows = readAll(allTypes());
        assertThat(rows).hasSize(190);
        long next = 11;
        for (List<Object> row : rows) {
            assertThat(row.get(0)).isEqualTo(next++);
            assertThat((Byte) row.get(1)).isBetween((byte) -3, (byte) 3);
            assertThat((Double) row.get(2)).isBetween(0.0, 1.0);
            assertThat(((BigDecimal) row.get(3)).precision()).isLessThanOrEqualTo(30);
            assertThat(row.get(4).toString()).hasSize(8).matches("[0-9a-f]+");
            assertThat((byte[]) row.get(6)).hasSize(5);
            assertThat((LocalDateTime) row.get(7))
                    .isBetween(LocalDateTime.parse("2025-12-31T23:00:00"), LocalDateTime.parse("2026-01-01T00:00:01"));
            assertThat((List<?>) row.get(8)).hasSize(3);
            assertThat(((Map<?, ?>) row.get(9))).hasSize(3);
            assertThat(((List<?>) row.get(10)).get(0)).isEqualTo(5);
        }
        long nulls = rows.stream().filter(r -> r.get(5) == null).count();
        assertThat(nulls).isBetween(20L, 100L);
        assertThat(rows.stream().map(r -> r.get(1)).distinct().count()).isEqualTo(7);
        assertThat(
                        rows.stream()
                                .filter(r -> r.get(5) != null)
                                .map(r -> r.get(5).toString().length())
                                .distinct()
                                .count())
                .isGreaterThan(10);
    }

    @Test
    void anotherSeedMakesOtherRows() {
        Schema schema = Schema.of("a", DataType.BIGINT);
        List<List<Object>> one = readAll(source(schema, "number-of-rows", "10", "seed", "1"));
        assertThat(readAll(source(schema, "number-of-rows", "10", "seed", "1"))).isEqualTo(one);
        assertThat(readAll(source(schema, "number-of-rows", "10", "seed", "2"))).doesNotContainAnyElementsOf(one);
    }

    @Test
    void refusesOptionsThatMeanNothing() {
        Schema schema = Schema.of("a", DataType.TINYINT, "b", DataType.BOOLEAN);
        assertThatThrownBy(() -> source(schema, "fields.a.max", "128"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("'fields.a.max': expected a value of TINYINT, found '128'");
        assertThatThrownBy(() -> source(schema, "fields.a.maximum", "1"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("unknown option 'fields.a.maximum'");
        assertThatThrownBy(
                        () -> source(schema, "fields.b.kind", "sequence", "fields.b.start", "1", "fields.b.end", "2"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("'fields.b.kind': expected random");
        assertThatThrownBy(() -> source(schema, "fields.a.kind", "sequence"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("needs the option 'fields.a.start'");
    }
}
