package io.millrace.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EightDigitsTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 3);

    private static long word(String text) {
        long word = 0;
        for (int i = 0; i < 8; i++) {
            word |= (text.charAt(i) & 0xffL) << 8 * i;
        }
        return word;
    }

    @Test
    void countsDigitsBeforeAnyOtherByte() {
        for (int other = 0; other < 256; other++) {
            boolean digit = other >= '0' && other <= '9';
            for (int at = 0; at < 8 && !digit; at++) {
                String text = "98765432".substring(0, at) + (char) other + "\u00ff01234567";
                assertThat(EightDigits.count(word(text))).describedAs("byte %d at %d", other, at).isEqualTo(at);
            }
        }
        assertThat(EightDigits.count(word("00990099"))).isEqualTo(8);
    }

    @Test
    void readsUpToEightDigitsWhateverFollows() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            int digits = 1 + random.nextInt(8);
            StringBuilder text = new StringBuilder();
            for (int k = 0; k < digits; k++) {
                text.append((char) ('0' + random.nextInt(10)));
            }
            long expected = Long.parseLong(text.toString());
            while (text.length() < 8) {
                text.append((char) random.nextInt(256));
            }
            assertThat(EightDigits.value(word(text.toString()), digits))
                    .describedAs("%s, seed %d", text, SEED)
                    .isEqualTo(expected);
        }
    }

    @Test
    void decodesIntegersOfAnyLengthAndRefusesWhatIsNone() {
        Random random = new Random(SEED);
        Schema schema = Schema.of("a", DataType.BIGINT);
        List<Object> expected = new ArrayList<>();
        List<Object> found = new ArrayList<>();
        try (Allocator root = Allocator.root(4 << 20);
                BatchBuilder rows = new BatchBuilder(root, schema, 16);
                RecordDecoder decoder =
                        new JsonFormatFactory().decoder(FormatRequest.of(schema, Map.of(), ZoneOffset.UTC, root))) {
            for (int i = 0; i < 5_000; i++) {
                long value = random.nextLong() >> random.nextInt(64);
                byte[] json = ("{\"a\":" + value + (i % 2 == 0 ? "}" : " }")).getBytes(StandardCharsets.UTF_8);
                assertThat(decoder.decode(json, 0, json.length, rows)).isNull();
                expected.add(value);
            }
            for (String bad : List.of("01", "-", "-01", "1.5", "12345678901234567890", "1e3x", "123456789012345678x")) {
                byte[] json = ("{\"a\":" + bad + "}").getBytes(StandardCharsets.UTF_8);
                assertThat(decoder.decode(json, 0, json.length, rows)).describedAs(bad).isNotNull();
            }
            try (Batch batch = rows.build()) {
                batch.toRows().forEach(row -> found.add(row.get(0)));
            }
        }
        assertThat(found).describedAs("seed %d", SEED).isEqualTo(expected);
    }
}
