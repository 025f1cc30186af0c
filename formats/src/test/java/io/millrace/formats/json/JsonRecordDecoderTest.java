package io.millrace.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JsonRecordDecoderTest {
    private static final Schema ALL =
            Schema.of(
                    "flag",
                    DataType.BOOLEAN,
                    "tiny",
                    DataType.TINYINT,
                    "big",
                    DataType.BIGINT,
                    "f",
                    DataType.FLOAT,
                    "d",
                    DataType.DOUBLE,
                    "dec",
                    DataType.decimal(10, 2),
                    "wide",
                    DataType.decimal(30, 3),
                    "day",
                    DataType.DATE,
                    "time",
                    DataType.time(3),
                    "ts",
                    DataType.timestamp(3),
                    "ltz",
                    DataType.timestampLtz(9),
                    "s",
                    DataType.VARCHAR,
                    "b",
                    DataType.BINARY,
                    "row",
                    DataType.row(List.of(new Field("x", DataType.INT), new Field("y", DataType.VARCHAR))),
                    "list",
                    DataType.array(DataType.INT),
                    "map",
                    DataType.map(DataType.VARCHAR, DataType.BIGINT));

    private final Allocator root = Allocator.root(64 << 20);

    @AfterEach
    void nothingLeaks() {
        root.close();
    }

    /** The rows, or the one reason why there is none. */
    private Object decode(Schema schema, String... records) {
        return decode(schema, Map.of(), ZoneOffset.UTC, records);
    }

    private Object decode(Schema schema, Map<String, String> options, ZoneId zone, String... records) {
        try (RecordDecoder decoder =
                        FormatFactory.named("json").decoder(FormatRequest.of(schema, options, zone, root));
                BatchBuilder rows = new BatchBuilder(root, schema, 4)) {
            for (String record : records) {
                String reason = decoder.decode(ByteBuffer.wrap(record.getBytes(StandardCharsets.UTF_8)), rows);
                if (reason != null) {
                    assertThat(rows.rowCount()).isZero();
                    return reason;
                }
            }
            try (Batch batch = rows.build()) {
                return batch.toRows();
            }
        }
    }

    private Object one(DataType type, String json) {
        Object decoded = decode(Schema.of("v", type), "{\"v\":" + json + "}");
        return decoded instanceof List<?> rows ? ((List<?>) rows.getFirst()).getFirst() : decoded;
    }

    @Test
    void readsEveryType() {
        String record =
                """
                {"flag":true,"tiny":-5,"big":9223372036854775807,"f":1.5,"d":-2.5e10,"dec":"12345678.905","wide":12345678901234567890.5,
                 "day":"2026-02-28","time":"12:34:56.789","ts":"2026-01-01 00:00:00.123","ltz":"2026-01-01T02:00:00.123456789+02:00",
                 "s":"gr\\u00fc\\ud83d\\ude00\\n√","b":"AQID","row":{"y":"a","x":1},"list":[1,null,3],"map":{"k":1,"l":null}}\
                """;
        List<?> row = (List<?>) ((List<?>) decode(ALL, record)).getFirst();
        List<Object> expected =
                new ArrayList<>(
                        Arrays.asList(
                                true,
                                (byte) -5,
                                Long.MAX_VALUE,
                                1.5f,
                                -2.5e10,
                                new BigDecimal("12345678.91"),
                                new BigDecimal("12345678901234567890.500"),
                                LocalDate.of(2026, 2, 28),
                                LocalTime.parse("12:34:56.789"),
                                LocalDateTime.parse("2026-01-01T00:00:00.123"),
                                Instant.parse("2026-01-01T00:00:00.123456789Z"),
                                "grü😀\n√"));
        assertThat(row.subList(0, 12)).isEqualTo(expected);
        assertThat((byte[]) row.get(12)).containsExactly(1, 2, 3);
        java.util.Map<Object, Object> map = new java.util.LinkedHashMap<>();
        map.put("k", 1L);
        map.put("l", null);
        assertThat(row.subList(13, 16)).isEqualTo(Arrays.asList(List.of(1, "a"), Arrays.asList(1, null, 3), map));
    }

    @Test
    void takesNumbersAndBooleansInQuotesAndAnyValueAsText() {
        assertThat(one(DataType.BIGINT, "\"17\"")).isEqualTo(17L);
        assertThat(one(DataType.BIGINT, "1e3")).isEqualTo(1000L);
        assertThat(one(DataType.BOOLEAN, "\"false\"")).isEqualTo(false);
        assertThat(one(DataType.DOUBLE, "\"NaN\"")).isEqualTo(Double.NaN);
        assertThat(one(DataType.VARCHAR, "1.50")).isEqualTo("1.50");
        assertThat(one(DataType.VARCHAR, "{\"a\": [1, 2]}")).isEqualTo("{\"a\": [1, 2]}");
        assertThat(one(DataType.VARCHAR, "true")).isEqualTo("true");
        assertThat(one(DataType.timestamp(3), "\"2026-01-01\"")).isEqualTo(LocalDateTime.parse("2026-01-01T00:00"));
    }

    @Test
    void readsInstantsWithoutOffsetInTheSessionsZone() {
        Schema schema = Schema.of("t", DataType.timestampLtz(3));
        assertThat(decode(schema, Map.of(), ZoneId.of("Europe/Berlin"), "{\"t\":\"2026-07-01 12:00:00\"}"))
                .isEqualTo(List.of(List.of(Instant.parse("2026-07-01T10:00:00Z"))));
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(one(DataType.TINYINT, "128")).isEqualTo("field v: expected TINYINT, found 128");
        assertThat(one(DataType.BIGINT, "9223372036854775808"))
                .isEqualTo("field v: expected BIGINT, found 9223372036854775808");
        assertThat(one(DataType.BIGINT, "1.5")).isEqualTo("field v: expected BIGINT, found 1.5");
        assertThat(one(DataType.INT, "\"x\"")).isEqualTo("field v: expected INT, found x");
        assertThat(one(DataType.INT, "[1]")).isEqualTo("field v: expected INT, found an array");
        assertThat(one(DataType.decimal(4, 2), "123.4")).isEqualTo("field v: expected DECIMAL(4, 2), found 123.4");
        assertThat(one(DataType.DATE, "\"2026-02-29\"")).isEqualTo("field v: expected DATE, found 2026-02-29");
        assertThat(one(DataType.timestamp(3), "\"2026-01-01 24:00:00\"").toString()).contains("expected TIMESTAMP(3)");
        assertThat(one(DataType.BIGINT.notNull(), "null")).isEqualTo("field v: expected BIGINT NOT NULL, found null");
        assertThat(decode(Schema.of("v", DataType.INT.notNull()), "{}")).isEqualTo("field v is missing");
        assertThat(
                        decode(
                                Schema.of("v", DataType.INT),
                                Map.of("json.fail-on-missing-field", "true"),
                                ZoneOffset.UTC,
                                "{}"))
                .isEqualTo("field v is missing");
        assertThat(one(DataType.INT, "01"))
                .isEqualTo("field v: not JSON: expected a number without leading zeros at byte 5, found '0'");
        assertThat(decode(ALL, "")).isEqualTo("not JSON: expected an object at byte 0, found the end");
        assertThat(decode(ALL, "{\"x\":1} x"))
                .isEqualTo("not JSON: expected nothing after the object at byte 8, found 'x'");
        assertThat(one(DataType.VARCHAR, "\"\\ud800\"").toString()).contains("surrogate");
    }

    @Test
    void refusesWhatIsNotUtf8EvenInFieldsThatAreNotWanted() {
        byte[] record = "{\"other\":\"?\"}".getBytes(StandardCharsets.UTF_8);
        for (byte bad : new byte[] {(byte) 0xff, (byte) 0xc0, (byte) 0x80, (byte) 0xed}) {
            record[10] = bad;
            try (RecordDecoder decoder =
                            new JsonFormatFactory()
                                    .decoder(FormatRequest.of(Schema.EMPTY, Map.of(), ZoneOffset.UTC, root));
                    BatchBuilder rows = new BatchBuilder(root, Schema.EMPTY, 4)) {
                assertThat(decoder.decode(record, 0, record.length, rows)).contains("UTF-8");
            }
        }
    }

    @Test
    void theLastOfAKeyGivenTwiceCounts() {
        Schema schema = Schema.of("a", DataType.INT, "r", DataType.row(List.of(new Field("x", DataType.INT))));
        assertThat(decode(schema, "{\"a\":1,\"r\":{\"x\":1,\"x\":2},\"a\":3,\"r\":{\"x\":4,\"z\":0,\"x\":5}}"))
                .isEqualTo(List.of(List.of(3, List.of(5))));
    }

    @Test
    void aBadRecordLeavesTheRowsBeforeItAsTheyWere() {
        Schema schema = Schema.of("a", DataType.INT, "l", DataType.array(DataType.VARCHAR), "s", DataType.VARCHAR);
        try (RecordDecoder decoder =
                        new JsonFormatFactory().decoder(FormatRequest.of(schema, Map.of(), ZoneOffset.UTC, root));
                BatchBuilder rows = new BatchBuilder(root, schema, 4)) {
            List<List<Object>> expected = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String text = "text of some length " + i;
                String good = "{\"a\":" + i + ",\"l\":[\"" + text + "\",null],\"s\":\"" + text + "\"}";
                String bad = "{\"a\":null,\"l\":[\"" + text + "\",null],\"s\":\"" + text + "\"";
                assertThat(decoder.decode(ByteBuffer.wrap(bad.getBytes(StandardCharsets.UTF_8)), rows)).isNotNull();
                assertThat(decoder.decode(ByteBuffer.wrap(good.getBytes(StandardCharsets.UTF_8)), rows)).isNull();
                expected.add(List.of(i, Arrays.asList(text, null), text));
            }
            try (Batch batch = rows.build()) {
                assertThat(batch.toRows()).isEqualTo(expected);
            }
        }
    }

    @Test
    void takesForJsonWhatJacksonDoes() throws IOException {
        long seed = Long.getLong("millrace.test.seed", 11);
        SplittableRandom random = new SplittableRandom(seed);
        String alphabet = "{}[]\":,\\ \t0123456789.-+eEtrufalsn/bx\"{}:,";
        String[] seeds = {
            "{\"a\":1,\"b\":[1,2,{\"c\":null}],\"d\":\"x\\n\\u0041\",\"e\":-1.5e+3,\"f\":true,\"g\":false}",
            "{ \"auction\" : 1000 , \"url\" : \"https://x/y\" , \"n\" : { } , \"m\" : [ ] , \"z\" : 0 }"
        };
        JsonFactory factory = new JsonFactory();
        try (RecordDecoder decoder =
                        new JsonFormatFactory()
                                .decoder(FormatRequest.of(Schema.EMPTY, Map.of(), ZoneOffset.UTC, root));
                BatchBuilder rows = new BatchBuilder(root, Schema.EMPTY, 4)) {
            for (int i = 0; i < 60_000; i++) {
                StringBuilder text = new StringBuilder(seeds[random.nextInt(seeds.length)]);
                for (int edits = random.nextInt(3); edits >= 0; edits--) {
                    int at = random.nextInt(text.length());
                    char c = alphabet.charAt(random.nextInt(alphabet.length()));
                    switch (random.nextInt(3)) {
                        case 0 -> text.setCharAt(at, c);
                        case 1 -> text.insert(at, c);
                        default -> text.deleteCharAt(at);
                    }
                }
                byte[] record = text.toString().getBytes(StandardCharsets.UTF_8);
                String reason = decoder.decode(record, 0, record.length, rows);
                assertThat(reason == null)
                        .as("seed=%d record=%s reason=%s", seed, text, reason)
                        .isEqualTo(jacksonTakes(factory, record));
            }
        }
    }

    private static boolean jacksonTakes(JsonFactory factory, byte[] record) throws IOException {
        try (JsonParser parser = factory.createParser(record)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        } catch (com.fasterxml.jackson.core.JacksonException malformed) {
            return false;
        }
    }
}
