package io.millrace.cli.demo;

import io.millrace.connectors.nexmark.NexmarkBids;
import io.millrace.formats.parquet.writer.ParquetWriteOptions;
import io.millrace.formats.parquet.writer.ParquetWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * History as Parquet files, made once for a number of rows and kept. The files share the bids out in blocks of some
 * thousand, in turn, so that they and their row groups overlap in time from beginning to end.
 */
final class HistoryFiles {
    static final Schema SCHEMA = schema();

    private static final int FORMAT = 1;
    private static final int FILES = 4;
    private static final int BLOCK_BIDS = 46 * 100;
    private static final long ROW_GROUP_ROWS = 250_000;
    private static final String DONE = "done";
    private static final int PARTITION_COLUMN = NexmarkBids.SCHEMA.size();
    private static final int OFFSET_COLUMN = PARTITION_COLUMN + 1;

    private final DemoEvents events;
    private final Path directory;
    private final AtomicLong rowsWritten = new AtomicLong();

    /** {@code parent} holds one directory for each history. */
    HistoryFiles(DemoEvents events, Path parent) {
        this.events = events;
        this.directory = parent.resolve("history-v" + FORMAT + "-" + events.firstLive());
    }

    private static Schema schema() {
        List<Field> fields = new ArrayList<>(NexmarkBids.SCHEMA.fields());
        fields.add(new Field("kafka_partition", DataType.INT));
        fields.add(new Field("kafka_offset", DataType.BIGINT));
        return new Schema(fields);
    }

    Path directory() {
        return directory;
    }

    /** What a table over the files has as its path. */
    String glob() {
        return directory.resolve("*.parquet").toString();
    }

    boolean exist() {
        return Files.exists(directory.resolve(DONE));
    }

    /** While they are being written: rows so far. Any thread. */
    long rowsWritten() {
        return rowsWritten.get();
    }

    /**
     * Writes the files if there are none; returns whether they are there, which they are not when it was told to stop.
     * Appear whole: another process may do the same at the same time.
     *
     * @param memoryBytes off-heap bytes it may take meanwhile
     */
    boolean write(int threads, long memoryBytes, BooleanSupplier stopped) {
        if (exist()) {
            return true;
        }
        Path unfinished = directory.resolveSibling(directory.getFileName() + ".part-" + ProcessHandle.current().pid());
        try {
            Files.createDirectories(unfinished);
            writeFiles(unfinished, threads, memoryBytes, stopped);
            if (stopped.getAsBoolean()) {
                return false;
            }
            Files.createFile(unfinished.resolve(DONE));
            if (!exist()) {
                Directories.delete(directory);
                Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
            }
            return true;
        } catch (IOException failed) {
            throw Directories.failed("cannot write history to " + directory, failed);
        } finally {
            Directories.delete(unfinished);
        }
    }

    private void writeFiles(Path into, int threads, long memoryBytes, BooleanSupplier stopped) throws IOException {
        try (Allocator allocator = Allocator.root(new MemoryBudget(memoryBytes));
                ExecutorService pool =
                        Executors.newFixedThreadPool(Math.clamp(threads, 1, FILES), HistoryFiles::thread)) {
            List<Future<Void>> parts = new ArrayList<>();
            for (int file = 0; file < FILES; file++) {
                int number = file;
                Callable<Void> write =
                        () -> {
                            try (Allocator own = allocator.child("history " + number)) {
                                writeFile(into.resolve("bids-" + number + ".parquet"), number, own, stopped);
                            }
                            return null;
                        };
                parts.add(pool.submit(write));
            }
            for (Future<Void> part : parts) {
                await(part);
            }
        }
    }

    private static Thread thread(Runnable work) {
        return Thread.ofPlatform().daemon().name("millrace-history").unstarted(work);
    }

    private static void await(Future<Void> part) throws IOException {
        try {
            part.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException io) {
                throw io;
            }
            throw MillraceException.wrap(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.CANCELLED, "interrupted", interrupted);
        }
    }

    private void writeFile(Path path, int file, Allocator allocator, BooleanSupplier stopped) throws IOException {
        ParquetWriteOptions options =
                ParquetWriteOptions.DEFAULT
                        .withRowGroupRows(ROW_GROUP_ROWS)
                        .withPlainColumns(Set.of("event_id", "date_time", "extra", "price"));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20);
                NexmarkBids bids = new NexmarkBids(events.config(), allocator);
                ParquetWriter writer = new ParquetWriter(SCHEMA, options, out, allocator)) {
            for (long first = (long) file * BLOCK_BIDS;
                    first < events.firstLive() && !stopped.getAsBoolean();
                    first += (long) FILES * BLOCK_BIDS) {
                long end = Math.min(first + BLOCK_BIDS, events.firstLive());
                try (Batch batch = block(bids, allocator, first, end)) {
                    writer.write(batch);
                }
                rowsWritten.addAndGet(end - first);
            }
            writer.finish(Map.of());
        }
    }

    private Batch block(NexmarkBids bids, Allocator allocator, long firstBid, long endBid) {
        int[] columns = new int[NexmarkBids.SCHEMA.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = i;
        }
        try (BatchBuilder builder = new BatchBuilder(allocator, SCHEMA, BLOCK_BIDS)) {
            int rows = bids.fill(builder, columns, events.eventOf(firstBid), events.eventOf(endBid - 1) + 1);
            if (rows != endBid - firstBid) {
                throw MillraceException.internal("expected " + (endBid - firstBid) + " bids, found " + rows);
            }
            ColumnBuilder partitions = builder.column(PARTITION_COLUMN);
            ColumnBuilder offsets = builder.column(OFFSET_COLUMN);
            for (long bid = firstBid; bid < endBid; bid++) {
                if (events.isInTopic(bid)) {
                    partitions.appendLong(DemoEvents.partitionOf(bid));
                    offsets.appendLong(events.offsetOf(bid));
                } else {
                    partitions.appendNull();
                    offsets.appendNull();
                }
            }
            return builder.build();
        }
    }
}
