package io.millrace.formats.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.formats.EncodedBytes;
import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.formats.RecordEncoder;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CsvRecordDecoderTest {
    private static final Schema SCHEMA = Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR);

    private final Allocator root = Allocator.root(16 << 20);

    @AfterEach
    void nothingLeaks() {
        root.close();
    }

    private Object decode(Map<String, String> options, String header, String... records) {
        try (RecordDecoder decoder =
                        FormatFactory.named("csv").decoder(FormatRequest.of(SCHEMA, options, ZoneOffset.UTC, root));
                EncodedBytes scratch = new EncodedBytes(root, 1024);
                BatchBuilder rows = new BatchBuilder(root, SCHEMA, 4)) {
            if (header != null) {
                scratch.putBytes(header.getBytes(StandardCharsets.UTF_8));
                String reason = decoder.header(scratch.address(), scratch.lengthBytes());
                if (reason != null) {
                    return reason;
                }
            }
            for (String record : records) {
                String reason = decoder.decode(ByteBuffer.wrap(record.getBytes(StandardCharsets.UTF_8)), rows);
                if (reason != null) {
                    return reason;
                }
            }
            try (Batch batch = rows.build()) {
                return batch.toRows();
            }
        }
    }

    @Test
    void tellsNullFromTheEmptyString() {
        assertThat(decode(Map.of(), null, "1,", "2,\"\"", ",x\r"))
                .isEqualTo(List.of(Arrays.asList(1L, null), List.of(2L, ""), Arrays.asList(null, "x")));
        assertThat(decode(Map.of("csv.null-literal", "NULL"), null, "1,NULL", "2,\"NULL\"", "3,"))
                .isEqualTo(List.of(Arrays.asList(1L, null), List.of(2L, "NULL"), List.of(3L, "")));
    }

    @Test
    void readsQuotesDelimitersAndLineEndsWithinFields() {
        assertThat(decode(Map.of(), null, "1,\"a \"\"b\"\", c\nd\"")).isEqualTo(List.of(List.of(1L, "a \"b\", c\nd")));
        assertThat(decode(Map.of("csv.field-delimiter", "\\t"), null, "1\ta,b")).isEqualTo(List.of(List.of(1L, "a,b")));
    }

    @Test
    void findsFieldsByTheHeader() {
        assertThat(decode(Map.of(), "\ufeffname,\"other\",id", "x,9,1")).isEqualTo(List.of(List.of(1L, "x")));
        assertThat(decode(Map.of(), "name,ids")).isEqualTo("the header has no field id, only name, ids");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(decode(Map.of(), null, "x,y")).isEqualTo("field id: expected BIGINT, found x");
        assertThat(decode(Map.of(), null, "1")).isEqualTo("expected 2 fields, found 1");
        assertThat(decode(Map.of(), null, "1,2,3")).isEqualTo("expected 2 fields, found more");
        assertThat(decode(Map.of(), null, "1,\"x")).isEqualTo("a quoted field does not end");
        assertThat(decode(Map.of(), null, "1,\"x\"y")).isEqualTo("text behind the quote that ends a field");
        assertThat(decode(Map.of(), null, "1,x\"y")).isEqualTo("a quote within a field that does not begin with one");
    }

    @Test
    void writesWhatNeedsQuotesInQuotes() {
        List<String> written = new ArrayList<>();
        try (RecordEncoder encoder =
                        new CsvFormatFactory().encoder(FormatRequest.of(SCHEMA, Map.of(), ZoneOffset.UTC, root));
                EncodedBytes out = new EncodedBytes(root, 64);
                BatchBuilder rows = new BatchBuilder(root, SCHEMA, 4)) {
            rows.append(1L, null).append(null, "").append(2L, "a,\"b\"").append(3L, "plain");
            try (Batch batch = rows.build()) {
                for (int i = 0; i < batch.rowCount(); i++) {
                    out.truncate(0);
                    encoder.encode(batch, i, out);
                    written.add(new String(out.copy(), StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(written).containsExactly("1,", ",\"\"", "2,\"a,\"\"b\"\"\"", "3,plain");
    }
}
