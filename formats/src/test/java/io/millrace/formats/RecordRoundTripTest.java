package io.millrace.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an encoder writes, its decoder reads back: random rows of every type. */
class RecordRoundTripTest {
    private static final DataType NESTED =
            DataType.row(
                    List.of(
                            new Field("x", DataType.INT),
                            new Field("l", DataType.array(DataType.VARCHAR)),
                            new Field("m", DataType.map(DataType.VARCHAR, DataType.decimal(9, 2)))));
    private static final Schema SCHEMA =
            Schema.of(
                    "flag",
                    DataType.BOOLEAN,
                    "tiny",
                    DataType.TINYINT,
                    "small",
                    DataType.SMALLINT,
                    "i",
                    DataType.INT,
                    "big",
                    DataType.BIGINT,
                    "f",
                    DataType.FLOAT,
                    "d",
                    DataType.DOUBLE,
                    "d9",
                    DataType.decimal(9, 2),
                    "d38",
                    DataType.decimal(38, 10),
                    "day",
                    DataType.DATE,
                    "time",
                    DataType.time(6),
                    "ts3",
                    DataType.timestamp(3),
                    "ts9",
                    DataType.timestamp(9),
                    "ltz",
                    DataType.timestampLtz(6),
                    "a \"quoted\", name",
                    DataType.VARCHAR,
                    "bytes",
                    DataType.BINARY,
                    "nested",
                    NESTED);

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv"})
    void readsBackWhatWasWritten(String format) {
        long seed = Long.getLong("millrace.test.seed", 3);
        SplittableRandom random = new SplittableRandom(seed);
        FormatFactory factory = FormatFactory.named(format);
        try (Allocator root = Allocator.root(64 << 20)) {
            FormatRequest request = FormatRequest.of(SCHEMA, Map.of(), ZoneOffset.UTC, root);
            try (RecordEncoder encoder = factory.encoder(request);
                    RecordDecoder decoder = factory.decoder(request);
                    EncodedBytes out = new EncodedBytes(root, 64);
                    BatchBuilder rows = new BatchBuilder(root, SCHEMA, 64);
                    BatchBuilder back = new BatchBuilder(root, SCHEMA, 64)) {
                if (factory.hasHeader(Map.of())) {
                    encoder.header(out);
                    out.reserve(RecordDecoder.PADDING_BYTES);
                    assertThat(decoder.header(out.address(), out.lengthBytes() - 1)).isNull();
                }
                for (int i = 0; i < 500; i++) {
                    rows.append(row(random).toArray());
                }
                try (Batch batch = rows.build()) {
                    for (int i = 0; i < batch.rowCount(); i++) {
                        out.truncate(0);
                        encoder.encode(batch, i, out);
                        String reason = decoder.decode(out.copy(), 0, out.lengthBytes(), back);
                        assertThat(reason)
                                .as(
                                        "seed=%d record=%s",
                                        seed, new String(out.copy(), java.nio.charset.StandardCharsets.UTF_8))
                                .isNull();
                    }
                    try (Batch read = back.build()) {
                        assertThat(comparable(read.toRows())).isEqualTo(comparable(batch.toRows()));
                    }
                }
            }
        }
    }

    private static List<List<Object>> comparable(List<List<Object>> rows) {
        return rows.stream()
                .map(row ->
                        row.stream().map(v -> v instanceof byte[] b ? ByteBuffer.wrap(b) : v).toList().stream()
                                .map(v -> (Object) String.valueOf(v))
                                .toList())
                .toList();
    }

    private static String text(SplittableRandom random) {
        String[] parts = {
            "",
            "a",
            " ",
            ",",
            "\"",
            "\n",
            "\r\n",
            "\\",
            "ü",
            "😀",
            "\u0001",
            "null",
            "long enough to leave the view",
            "\t"
        };
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }

    private static List<Object> row(SplittableRandom random) {
        Instant at =
                Instant.ofEpochSecond(
                        random.nextLong(-60_000_000_000L, 200_000_000_000L), random.nextInt(1_000_000_000));
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put(text(random), new BigDecimal("1.50"));
        map.put("k", null);
        byte[] bytes = new byte[random.nextInt(20)];
        new Random(random.nextLong()).nextBytes(bytes);
        List<Object> values =
                Arrays.asList(
                        random.nextBoolean(),
                        (byte) random.nextInt(),
                        (short) random.nextInt(),
                        random.nextInt(),
                        random.nextInt(20) == 0 ? Long.MIN_VALUE : random.nextLong() >> random.nextInt(64),
                        random.nextInt(10) == 0 ? Float.NaN : Float.intBitsToFloat(random.nextInt() & 0xbf7fffff),
                        random.nextInt(10) == 0
                                ? Double.NEGATIVE_INFINITY
                                : random.nextDouble() * Math.pow(10, random.nextInt(-30, 30)),
                        new BigDecimal(BigInteger.valueOf(random.nextInt(-999_999_999, 999_999_999)), 2),
                        new BigDecimal(new BigInteger(120, new Random(random.nextLong())), 10),
                        LocalDate.ofEpochDay(random.nextInt(-700_000, 2_900_000)),
                        LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1_000),
                        java.time.LocalDateTime.ofEpochSecond(
                                at.getEpochSecond(), at.getNano() / 1_000_000 * 1_000_000, ZoneOffset.UTC),
                        java.time.LocalDateTime.ofEpochSecond(at.getEpochSecond(), at.getNano(), ZoneOffset.UTC),
                        Instant.ofEpochSecond(at.getEpochSecond(), at.getNano() / 1_000 * 1_000L),
                        text(random),
                        bytes,
                        Arrays.asList(random.nextInt(), Arrays.asList(text(random), null), map));
        List<Object> row = new ArrayList<>();
        for (Object value : values) {
            row.add(random.nextInt(6) == 0 ? null : value);
        }
        return row;
    }
}
