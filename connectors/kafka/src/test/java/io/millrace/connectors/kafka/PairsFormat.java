package io.millrace.connectors.kafka;

import io.millrace.formats.EncodedBytes;
import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatOption;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.formats.RecordEncoder;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Mem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code id=7|name=abc}: as little of a format as tests of the connector need. */
public final class PairsFormat implements FormatFactory {
    @Override
    public String identifier() {
        return "pairs";
    }

    @Override
    public List<FormatOption> options() {
        return List.of(new FormatOption("pairs.strict", "false", "of no effect"));
    }

    @Override
    public RecordDecoder decoder(FormatRequest request) {
        return new Decoder(request);
    }

    @Override
    public RecordEncoder encoder(FormatRequest request) {
        return new Encoder(request);
    }

    private record Decoder(FormatRequest request) implements RecordDecoder {
        @Override
        public String decode(long address, int lengthBytes, BatchBuilder rows) {
            byte[] bytes = new byte[lengthBytes];
            Mem.copyOut(address, bytes, 0, lengthBytes);
            return decode(bytes, 0, lengthBytes, rows);
        }

        @Override
        public String decode(ByteBuffer record, BatchBuilder rows) {
            byte[] bytes = new byte[record.remaining()];
            record.duplicate().get(bytes);
            return decode(bytes, 0, bytes.length, rows);
        }

        @Override
        public String decode(byte[] bytes, int from, int lengthBytes, BatchBuilder rows) {
            String text = new String(bytes, from, lengthBytes, StandardCharsets.UTF_8);
            Map<String, String> values = new HashMap<>();
            for (String pair : text.split("\\|", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    return "expected name=value, found " + pair;
                }
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
            for (int i = 0; i < request.columns().length; i++) {
                String value = values.get(request.schema().name(i));
                boolean number = request.schema().type(i).kind().isNumeric();
                rows.column(request.columns()[i])
                        .appendObject(value == null ? null : number ? Long.valueOf(value) : value);
            }
            return null;
        }

        @Override
        public void close() {}
    }

    private record Encoder(FormatRequest request) implements RecordEncoder {
        @Override
        public void encode(Batch batch, int row, EncodedBytes out) {
            for (int i = 0; i < request.columns().length; i++) {
                Object value = batch.column(request.columns()[i]).getObject(row);
                if (value != null) {
                    out.putBytes(
                            ((i == 0 ? "" : "|") + request.schema().name(i) + "=" + value)
                                    .getBytes(StandardCharsets.UTF_8));
                }
            }
        }

        @Override
        public void close() {}
    }
}
