package io.millrace.formats.json;

import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.Schema;
import java.time.ZoneId;
import java.util.Map;

/** Decodes JSON values that stand by themselves, within records of another format. One thread. */
public final class JsonValueDecoder implements AutoCloseable {
    private final JsonRecordDecoder decoder;

    /** For the fields of this schema. */
    public JsonValueDecoder(Schema schema, ZoneId zone, Allocator allocator) {
        this.decoder = new JsonRecordDecoder(FormatRequest.of(schema, Map.of(), zone, allocator));
    }

    /**
     * Appends a value of a field's type.
     *
     * @param address the value, followed by {@link RecordDecoder#PADDING_BYTES} that may be read
     * @return null when it was appended, else the reason, with nothing appended
     */
    public String append(ColumnBuilder to, int field, long address, int lengthBytes) {
        return decoder.appendValue(to, field, address, lengthBytes);
    }

    @Override
    public void close() {
        decoder.close();
    }
}
