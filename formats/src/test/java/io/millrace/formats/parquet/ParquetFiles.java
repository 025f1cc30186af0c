package io.millrace.formats.parquet;

import io.millrace.formats.parquet.footer.ColumnChunk;
import io.millrace.formats.parquet.footer.ParquetFooter;
import io.millrace.formats.parquet.footer.RowGroup;
import io.millrace.formats.parquet.reader.ChunkBytes;
import io.millrace.formats.parquet.reader.ParquetProjection;
import io.millrace.formats.parquet.reader.RowGroupReader;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads whole Parquet files that lie in memory, as a connector would piece by piece. */
public final class ParquetFiles {
    private ParquetFiles() {}

    /** The footer of a file's bytes. */
    public static ParquetFooter footer(byte[] file, Allocator allocator) {
        Buffer copy = allocator.allocate(MemoryTag.READ, file.length + 64L);
        try {
            Mem.copyIn(file, 0, copy.address(), file.length);
            int tail = Math.max(0, file.length - ParquetFooter.TAIL_BYTES);
            int footerBytes = ParquetFooter.footerBytes("test.parquet", file.length, copy.address() + tail);
            return ParquetFooter.parse("test.parquet", file.length, copy.address() + tail - footerBytes, footerBytes);
        } finally {
            copy.release();
        }
    }

    /** A chunk's bytes, cut into pieces of at most {@code pieceBytes}. */
    public static ChunkBytes chunk(byte[] file, ColumnChunk chunk, int pieceBytes, Allocator allocator) {
        ChunkBytes bytes = new ChunkBytes(chunk.lengthBytes());
        for (long at = 0; at < chunk.lengthBytes(); at += pieceBytes) {
            int n = (int) Math.min(pieceBytes, chunk.lengthBytes() - at);
            Buffer piece = allocator.allocate(MemoryTag.READ, n + (long) ChunkBytes.PADDING_BYTES);
            Mem.copyIn(file, (int) (chunk.offset() + at), piece.address(), n);
            bytes.append(piece, 0, n);
        }
        return bytes;
    }

    /** Every batch in turn; the consumer does not own it. */
    public static void read(
            byte[] file, Schema wanted, int batchRows, int pieceBytes, Allocator allocator, Consumer<Batch> consumer) {
        ParquetFooter footer = footer(file, allocator);
        ParquetProjection projection = ParquetProjection.of(footer, wanted == null ? footer.schema() : wanted);
        for (RowGroup group : footer.rowGroups()) {
            List<ChunkBytes> chunks =
                    projection.chunks(group).stream().map(c -> chunk(file, c, pieceBytes, allocator)).toList();
            try (RowGroupReader reader = new RowGroupReader(projection, group, chunks, allocator)) {
                while (!reader.isFinished()) {
                    if (!reader.ready(batchRows)) {
                        throw new AssertionError("not ready although all bytes are there");
                    }
                    try (Batch batch = reader.read(batchRows)) {
                        consumer.accept(batch);
                    }
                }
            }
        }
    }

    public static List<List<Object>> rows(
            byte[] file, Schema wanted, int batchRows, int pieceBytes, Allocator allocator) {
        List<List<Object>> rows = new ArrayList<>();
        read(file, wanted, batchRows, pieceBytes, allocator, batch -> rows.addAll(batch.toRows()));
        return rows;
    }
}
