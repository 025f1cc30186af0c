package io.millrace.formats.parquet.writer;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Writes batches as one Parquet file to a stream. Encoded pages of the open row group are held in the allocator's
 * memory; the stream is written to when a row group ends. May block on the stream; one thread at a time.
 *
 * <p>The file is whole only after {@link #finish}; {@link #close} without it leaves what was written so far, which no
 * reader takes for a file. The stream is the caller's: it is neither flushed to disk nor closed.
 */
public final class ParquetWriter implements AutoCloseable {
    private static final int COLUMN_INDEX_TRUNCATE_BYTES = 64;

    /** Rows between two looks at the sizes of pages and of the row group. */
    private static final int STEP_ROWS = 1024;

    private final Schema schema;
    private final ParquetWriteOptions options;
    private final MessageType message;
    private final ParquetProperties properties;
    private final PageCompressor compressor;
    private final BudgetedByteBuffers memory;
    private final ParquetFileWriter file;
    private ColumnChunkPageWriteStore pages;
    private final List<LeafWriter> leaves = new ArrayList<>();
    private final List<Shredder> columns = new ArrayList<>();
    private long groupRows;
    private long rowCount;
    private boolean finished;

    public ParquetWriter(Schema schema, ParquetWriteOptions options, OutputStream out, Allocator allocator) {
        this.schema = schema;
        this.options = options;
        this.message = FileSchema.of(schema);
        this.memory = new BudgetedByteBuffers(allocator);
        ParquetProperties.Builder builder =
                ParquetProperties.builder()
                        .withAllocator(memory)
                        .withPageSize(options.pageBytes())
                        .withDictionaryEncoding(options.dictionary())
                        .withWriterVersion(options.version2() ? WriterVersion.PARQUET_2_0 : WriterVersion.PARQUET_1_0);
        for (Field field : schema.fields()) {
            if (options.plainColumns().contains(field.name())) {
                builder.withDictionaryEncoding(field.name(), false);
            }
        }
        this.properties = builder.build();
        this.compressor = new PageCompressor(options.codec(), options.codecLevel());
        try {
            this.file =
                    new ParquetFileWriter(
                            new StreamFile(out),
                            message,
                            ParquetFileWriter.Mode.CREATE,
                            options.rowGroupBytes(),
                            0,
                            COLUMN_INDEX_TRUNCATE_BYTES,
                            ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
                            true);
            file.start();
        } catch (IOException failure) {
            compressor.release();
            throw failed(failure);
        }
    }

    private static MillraceException failed(IOException failure) {
        return failure.getCause() instanceof MillraceException known
                ? known
                : new MillraceException(
                        ErrorCode.IO_FAILED, "writing a Parquet file: " + failure.getMessage(), failure);
    }

    /** Appends the rows of a batch that count, each once; the batch stays the caller's. */
    public void write(Batch batch) {
        try {
            int count = batch.activeCount();
            int done = 0;
            while (done < count) {
                openGroup();
                int n = (int) Math.min(Math.min(STEP_ROWS, count - done), options.rowGroupRows() - groupRows);
                for (int i = 0; i < columns.size(); i++) {
                    write(columns.get(i), batch.column(i), batch, done, done + n);
                }
                groupRows += n;
                rowCount += n;
                done += n;
                long held = 0;
                for (LeafWriter leaf : leaves) {
                    leaf.endRows();
                    held += leaf.heldBytes();
                }
                if (groupRows >= options.rowGroupRows() || held >= options.rowGroupBytes()) {
                    endGroup();
                }
            }
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    private static void write(Shredder shredder, Column column, Batch batch, int from, int to) throws IOException {
        if (shredder.isLeaf() && batch.selection() == null) {
            shredder.leaf().writeRows(column, from, to);
            return;
        }
        for (int position = from; position < to; position++) {
            shredder.write(column, batch.row(position), 0);
        }
    }

    private void openGroup() {
        if (pages != null) {
            return;
        }
        pages = new ColumnChunkPageWriteStore(compressor, message, memory, COLUMN_INDEX_TRUNCATE_BYTES, true);
        List<DataType> types = new ArrayList<>();
        for (Field field : schema.fields()) {
            collect(field.type(), types);
        }
        List<ColumnDescriptor> descriptors = message.getColumns();
        for (int i = 0; i < descriptors.size(); i++) {
            ColumnDescriptor descriptor = descriptors.get(i);
            leaves.add(new LeafWriter(descriptor, types.get(i), options, properties, pages.getPageWriter(descriptor)));
        }
        List<LeafWriter> remaining = new ArrayList<>(leaves);
        for (Field field : schema.fields()) {
            columns.add(Shredder.of(field.type(), 0, 0, remaining));
        }
    }

    private static void collect(DataType type, List<DataType> types) {
        if (type.children().isEmpty()) {
            types.add(type);
        }
        for (Field child : type.children()) {
            collect(child.type(), types);
        }
    }

    private void endGroup() throws IOException {
        if (groupRows > 0) {
            for (LeafWriter leaf : leaves) {
                leaf.finish();
            }
            file.startBlock(groupRows);
            pages.flushToFileWriter(file);
            file.endBlock();
        }
        dropGroup();
        groupRows = 0;
    }

    private void dropGroup() {
        leaves.forEach(LeafWriter::close);
        leaves.clear();
        columns.clear();
        if (pages != null) {
            pages.close();
            pages = null;
        }
    }

    /** Rows written so far. */
    public long rowCount() {
        return rowCount;
    }

    /** Writes what is left and the footer, with these properties; nothing can be written after. */
    public void finish(Map<String, String> metadata) {
        if (finished) {
            return;
        }
        finished = true;
        try {
            endGroup();
            file.end(metadata);
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    @Override
    public void close() {
        dropGroup();
        compressor.release();
        memory.close();
    }

    /** The caller's stream as Parquet wants it. */
    private record StreamFile(OutputStream out) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockBytes) {
            return new Counting(out);
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockBytes) {
            return new Counting(out);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }

    private static final class Counting extends PositionOutputStream {
        private final OutputStream out;
        private long position;

        Counting(OutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            position++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            position += length;
        }

        /** The stream stays the caller's. */
        @Override
        public void close() {}
    }
}
