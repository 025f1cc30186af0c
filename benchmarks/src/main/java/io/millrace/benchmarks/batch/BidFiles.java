package io.millrace.benchmarks.batch;

import io.millrace.connectors.nexmark.NexmarkBids;
import io.millrace.connectors.nexmark.NexmarkConfig;
import io.millrace.formats.parquet.footer.Codec;
import io.millrace.formats.parquet.writer.ParquetWriteOptions;
import io.millrace.formats.parquet.writer.ParquetWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.Schema;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * The bids among a number of Nexmark events as Parquet files: all columns, ZSTD, row groups of a million rows, in the
 * order of the events, so not sorted by any key. Made once a directory and kept.
 */
public final class BidFiles {
    private static final int FILES = 4;
    private static final int ROW_GROUP_ROWS = 1_000_000;
    private static final int CHUNK_EVENTS = 4_096;

    private BidFiles() {}

    /** The directory with the files, made if it is not there. */
    public static Path make(Path parent, long events, double eventsPerSecond, long seed) throws IOException {
        Path directory = parent.resolve("bids-" + events + "-" + (long) eventsPerSecond + "-" + seed);
        if (Files.isDirectory(directory)) {
            return directory;
        }
        Path unfinished = parent.resolve(directory.getFileName() + ".unfinished");
        Files.createDirectories(unfinished);
        NexmarkConfig config =
                NexmarkConfig.defaults(seed)
                        .withTimeline(NexmarkConfig.Timeline.of(NexmarkConfig.DEFAULT_BASE_MICROS, eventsPerSecond));
        try (Allocator allocator = Allocator.root(2L << 30);
                NexmarkBids bids = new NexmarkBids(config, allocator)) {
            for (int file = 0; file < FILES; file++) {
                Path path = unfinished.resolve("bids-" + file + ".parquet");
                write(bids, allocator, path, events * file / FILES, events * (file + 1) / FILES);
            }
        }
        return Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(NexmarkBids bids, Allocator allocator, Path path, long from, long to) throws IOException {
        Schema schema = NexmarkBids.SCHEMA;
        int[] columns = new int[schema.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = i;
        }
        ParquetWriteOptions options =
                ParquetWriteOptions.DEFAULT
                        .withCodec(Codec.ZSTD)
                        .withRowGroupBytes(1L << 30)
                        .withRowGroupRows(ROW_GROUP_ROWS);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20);
                ParquetWriter writer = new ParquetWriter(schema, options, out, allocator);
                BatchBuilder builder = new BatchBuilder(allocator, schema, CHUNK_EVENTS)) {
            for (long at = from; at < to; at += CHUNK_EVENTS) {
                bids.fill(builder, columns, at, Math.min(to, at + CHUNK_EVENTS));
                try (Batch batch = builder.build()) {
                    writer.write(batch);
                }
            }
            writer.finish(Map.of());
        }
    }
}
