package io.millrace.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowTextTest {
    private static String csv(DataType type, Object value) {
        return render(type, value, ZoneOffset.UTC, false);
    }

    private static String json(DataType type, Object value) {
        return render(type, value, ZoneOffset.UTC, true);
    }

    private static String render(DataType type, Object value, ZoneId zone, boolean json) {
        Schema schema = Schema.of("c", type);
        Allocator root = Allocator.root(1 << 22);
        TextBuffer out = new TextBuffer(1);
        RowText rows = new RowText(schema, new ValueText(zone));
        try (BatchBuilder builder = new BatchBuilder(root, schema, 1);
                Batch batch = builder.append(value).build()) {
            if (json) {
                rows.jsonMembers(out, batch, 0);
            } else {
                rows.csv(out, batch, 0);
            }
        }
        root.close();
        String text = out.toString();
        return json ? text.substring("\"c\":".length()) : text.substring(0, text.length() - 1);
    }

    @Test
    void writesEachTypeAsTheContractSays() {
        assertThat(csv(DataType.BOOLEAN, true)).isEqualTo("true");
        assertThat(csv(DataType.TINYINT, (byte) -128)).isEqualTo("-128");
        assertThat(csv(DataType.BIGINT, Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
        assertThat(csv(DataType.BIGINT, 0L)).isEqualTo("0");
        assertThat(csv(DataType.FLOAT, 0.1f)).isEqualTo("0.1");
        assertThat(csv(DataType.DOUBLE, 1e300)).isEqualTo("1.0E300");
        assertThat(csv(DataType.DOUBLE, Double.NaN)).isEqualTo("NaN");
        assertThat(csv(DataType.decimal(10, 2), new BigDecimal("-0.05"))).isEqualTo("-0.05");
        assertThat(csv(DataType.decimal(18, 0), new BigDecimal("123"))).isEqualTo("123");
        assertThat(csv(DataType.decimal(38, 10), new BigDecimal("-1234567890123456789012345678.0123456789")))
                .isEqualTo("-1234567890123456789012345678.0123456789");
        assertThat(csv(DataType.DATE, LocalDate.of(2026, 2, 28))).isEqualTo("2026-02-28");
        assertThat(csv(DataType.time(3), LocalTime.of(1, 2, 3))).isEqualTo("01:02:03");
        assertThat(csv(DataType.time(6), LocalTime.of(1, 2, 3, 4_000))).isEqualTo("01:02:03.000004");
        assertThat(csv(DataType.timestamp(3), LocalDateTime.of(2026, 1, 1, 0, 0))).isEqualTo("2026-01-01 00:00:00");
        assertThat(csv(DataType.timestamp(6), LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_990_000)))
                .isEqualTo("1969-12-31 23:59:59.99999");
        assertThat(csv(DataType.timestamp(9), LocalDateTime.of(1, 1, 1, 0, 0, 0, 7)))
                .isEqualTo("0001-01-01 00:00:00.000000007");
        assertThat(csv(DataType.BINARY, new byte[] {0, (byte) 0xfe, 16})).isEqualTo("00fe10");
    }

    @Test
    void showsInstantsInTheSessionsZone() {
        DataType type = DataType.timestampLtz(3);
        Instant winter = Instant.parse("2026-01-15T12:00:00.5Z");
        Instant summer = Instant.parse("2026-07-15T12:00:00Z");
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        assertThat(render(type, winter, ZoneOffset.UTC, false)).isEqualTo("2026-01-15 12:00:00.5");
        assertThat(render(type, winter, berlin, false)).isEqualTo("2026-01-15 13:00:00.5");
        assertThat(render(type, summer, berlin, false)).isEqualTo("2026-07-15 14:00:00");
    }

    @Test
    void tellsNullFromTheEmptyString() {
        assertThat(csv(DataType.VARCHAR, null)).isEmpty();
        assertThat(csv(DataType.VARCHAR, "")).isEqualTo("\"\"");
        assertThat(json(DataType.VARCHAR, null)).isEqualTo("null");
        assertThat(json(DataType.VARCHAR, "")).isEqualTo("\"\"");
        assertThat(csv(DataType.BINARY, new byte[0])).isEqualTo("\"\"");
    }

    @Test
    void quotesWhatCsvAndJsonAskFor() {
        assertThat(csv(DataType.VARCHAR, "plain text")).isEqualTo("plain text");
        assertThat(csv(DataType.VARCHAR, "a,b")).isEqualTo("\"a,b\"");
        assertThat(csv(DataType.VARCHAR, "say \"hi\"")).isEqualTo("\"say \"\"hi\"\"\"");
        assertThat(csv(DataType.VARCHAR, "two\r\nlines")).isEqualTo("\"two\r\nlines\"");
        assertThat(csv(DataType.VARCHAR, "\"")).isEqualTo("\"\"\"\"");
        assertThat(json(DataType.VARCHAR, "a\"b\\c\nd\te\u0001f/g\u00fc\ud83d\ude00"))
                .isEqualTo("\"a\\\"b\\\\c\\nd\\te\\u0001f/g\u00fc\ud83d\ude00\"");
    }

    @Test
    void keepsNumbersThatJsonCannotHoldAsText() {
        assertThat(json(DataType.BIGINT, 12L)).isEqualTo("12");
        assertThat(json(DataType.decimal(10, 2), new BigDecimal("1.50"))).isEqualTo("\"1.50\"");
        assertThat(json(DataType.DOUBLE, 1.5)).isEqualTo("1.5");
        assertThat(json(DataType.DOUBLE, Double.NEGATIVE_INFINITY)).isEqualTo("\"-Infinity\"");
        assertThat(json(DataType.DATE, LocalDate.of(2026, 2, 28))).isEqualTo("\"2026-02-28\"");
    }

    @Test
    void writesNestedValuesAsJson() {
        DataType person = DataType.row(List.of(new Field("na\"me", DataType.VARCHAR), new Field("age", DataType.INT)));
        assertThat(csv(person, Arrays.asList("x,y", null)))
                .isEqualTo("\"{\"\"na\\\"\"me\"\":\"\"x,y\"\",\"\"age\"\":null}\"");
        assertThat(json(DataType.array(person), List.of(Arrays.asList("a", 1), Arrays.asList("b", 2))))
                .isEqualTo("[{\"na\\\"me\":\"a\",\"age\":1},{\"na\\\"me\":\"b\",\"age\":2}]");
        assertThat(json(DataType.array(DataType.INT), List.of())).isEqualTo("[]");
        assertThat(json(DataType.map(DataType.VARCHAR, DataType.BIGINT), Map.of("k\"", 1L))).isEqualTo("{\"k\\\"\":1}");
        assertThat(csv(DataType.array(DataType.INT), List.of(1))).isEqualTo("[1]");
    }

    @Test
    void datesAreThoseOfTheJavaCalendar() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            LocalDate date = LocalDate.ofEpochDay(random.nextInt(3_600_000) - 719_162);
            assertThat(csv(DataType.DATE, date)).isEqualTo(date.toString().replace("+", ""));
        }
    }

    @Test
    void writesHeaders() {
        Schema schema = Schema.of("a", DataType.INT, "b,c", DataType.INT);
        TextBuffer out = new TextBuffer(8);
        RowText.csvHeader(out, schema);
        assertThat(out.toString()).isEqualTo("a,\"b,c\"\n");
    }
}
