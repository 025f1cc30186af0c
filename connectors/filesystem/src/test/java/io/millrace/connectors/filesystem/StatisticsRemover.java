package io.millrace.connectors.filesystem;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/** Takes a column's statistics out of a file's footer. */
final class StatisticsRemover {
    private StatisticsRemover() {}

    static void remove(Path file, String column) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int footerBytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
            int start = bytes.length - 8 - footerBytes;
            FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(bytes, start, footerBytes));
            for (RowGroup group : footer.getRow_groups()) {
                for (ColumnChunk chunk : group.getColumns()) {
                    if (chunk.getMeta_data().getPath_in_schema().getFirst().equals(column)) {
                        chunk.getMeta_data().unsetStatistics();
                    }
                }
            }
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
