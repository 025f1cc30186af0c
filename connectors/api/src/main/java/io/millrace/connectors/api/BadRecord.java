package io.millrace.connectors.api;

import io.millrace.memory.batch.Batch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A record that could not be decoded.
 *
 * @param origin file, or topic and partition
 * @param position offset, row or line in the origin, -1 when it is not known
 * @param reason what was expected and found
 * @param rawBytes at most the first 4096 bytes of it
 */
public record BadRecord(String origin, long position, String reason, byte[] rawBytes) {
    public static final int MAX_RAW_BYTES = 4096;

    /** A row that was decoded and cannot be used: its columns as text, and no position, which a row no longer knows. */
    public static BadRecord ofRow(String origin, String reason, Batch batch, int row) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < batch.columnCount(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(batch.schema().name(i))
                    .append('=')
                    .append(batch.column(i).getObject(row));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return new BadRecord(
                origin, -1, reason, bytes.length <= MAX_RAW_BYTES ? bytes : Arrays.copyOf(bytes, MAX_RAW_BYTES));
    }
}
