package io.millrace.it.handover;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;

/** Changes what a Parquet file's footer says of a column of eight-byte numbers. */
final class Footers {
    private static final int TRAILER_BYTES = 8;

    private Footers() {}

    /** Takes the column's least and greatest values out. */
    static void removeStatistics(Path file, String column) {
        change(
                file,
                column,
                chunk -> {
                    chunk.unsetStatistics();
                });
    }

    /** Makes the column's least value in each row group greater than it is. */
    static void raiseLeast(Path file, String column, long by) {
        change(
                file,
                column,
                chunk -> {
                    byte[] least = chunk.getStatistics().getMin_value();
                    long truth = ByteBuffer.wrap(least).order(ByteOrder.LITTLE_ENDIAN).getLong();
                    byte[] lie = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(truth + by).array();
                    chunk.getStatistics().setMin_value(lie);
                });
    }

    private static void change(Path file, String column, Consumer<ColumnMetaData> change) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int footerBytes =
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - TRAILER_BYTES);
            int start = bytes.length - TRAILER_BYTES - footerBytes;
            FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(bytes, start, footerBytes));
            footer.getRow_groups().stream()
                    .flatMap(group -> group.getColumns().stream())
                    .filter(chunk -> chunk.getMeta_data().getPath_in_schema().getFirst().equals(column))
                    .forEach(chunk -> {
                        change.accept(chunk.getMeta_data());
                        chunk.unsetColumn_index_offset();
                        chunk.unsetColumn_index_length();
                    });
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, start);
            Util.writeFileMetaData(footer, out);
            int written = out.size() - start;
            out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(written).array());
            out.write(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
            Files.write(file, out.toByteArray());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
