package io.millrace.connectors.filesystem;

import io.millrace.formats.EncodedBytes;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordEncoder;
import io.millrace.formats.parquet.writer.ParquetWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.storage.WritableFile;
import java.util.Map;

/** Encodes the batches of one file. Blocks on the file; one thread at a time. */
sealed interface FileEncoder extends AutoCloseable {
    static FileEncoder of(FileSinkRun run, WritableFile file, Allocator allocator) {
        return run.format().isParquet() ? new Columns(run, file, allocator) : new Records(run, file, allocator);
    }

    /** Appends the rows of a batch that count. */
    void write(Batch batch);

    /** Writes what is left; nothing can be written after. */
    void finish();

    /** Frees memory; the file stays the caller's. */
    @Override
    void close();

    /** A Parquet file. */
    final class Columns implements FileEncoder {
        private final ParquetWriter writer;

        Columns(FileSinkRun run, WritableFile file, Allocator allocator) {
            this.writer = new ParquetWriter(run.schema(), run.format().parquet(), file.stream(), allocator);
        }

        @Override
        public void write(Batch batch) {
            writer.write(batch);
        }

        @Override
        public void finish() {
            writer.finish(Map.of());
        }

        @Override
        public void close() {
            writer.close();
        }
    }

    /** A file of records, one a line. */
    final class Records implements FileEncoder {
        private static final int FLUSH_BYTES = 1 << 20;

        private final WritableFile file;
        private final RecordEncoder encoder;
        private final EncodedBytes out;

        Records(FileSinkRun run, WritableFile file, Allocator allocator) {
            this.file = file;
            this.out = new EncodedBytes(allocator, 64 << 10);
            boolean done = false;
            try {
                this.encoder =
                        run.format()
                                .records()
                                .encoder(FormatRequest.of(run.schema(), run.format().options(), run.zone(), allocator));
                done = true;
            } finally {
                if (!done) {
                    out.close();
                }
            }
            if (run.format().records().hasHeader(run.format().options())) {
                encoder.header(out);
            }
        }

        @Override
        public void write(Batch batch) {
            for (int position = 0; position < batch.activeCount(); position++) {
                encoder.encode(batch, batch.row(position), out);
                out.putByte('\n');
                if (out.lengthBytes() >= FLUSH_BYTES) {
                    flush();
                }
            }
        }

        private void flush() {
            file.write(out.view());
            out.truncate(0);
        }

        @Override
        public void finish() {
            flush();
        }

        @Override
        public void close() {
            encoder.close();
            out.close();
        }
    }
}
