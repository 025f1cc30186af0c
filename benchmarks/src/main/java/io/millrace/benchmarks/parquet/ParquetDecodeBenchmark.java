package io.millrace.benchmarks.parquet;

import io.millrace.formats.parquet.footer.Codec;
import io.millrace.formats.parquet.footer.ColumnChunk;
import io.millrace.formats.parquet.footer.ParquetFooter;
import io.millrace.formats.parquet.footer.RowGroup;
import io.millrace.formats.parquet.reader.ChunkBytes;
import io.millrace.formats.parquet.reader.ParquetProjection;
import io.millrace.formats.parquet.reader.RowGroupReader;
import io.millrace.formats.parquet.writer.ParquetWriteOptions;
import io.millrace.formats.parquet.writer.ParquetWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.column.View;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Question: how many rows does one core decode in a second of CPU time, by kind of column? Data: one row group a
 * million rows, ZSTD unless said otherwise, in memory. Each column is read alone and summed (strings: their lengths),
 * by Millrace and by parquet-java's ColumnReader in turn, and the sums are compared before anything is printed.
 *
 * <p>Arguments: rows (default 4000000), rounds (default 7).
 */
public final class ParquetDecodeBenchmark {
    private static final Schema SCHEMA =
            Schema.of(
                    "plain_long", DataType.BIGINT.notNull(),
                    "plain_long_nulls", DataType.BIGINT,
                    "dict_long_1000", DataType.BIGINT.notNull(),
                    "dict_long_60000", DataType.BIGINT.notNull(),
                    "plain_int", DataType.INT.notNull(),
                    "plain_double", DataType.DOUBLE.notNull(),
                    "dict_string", DataType.VARCHAR.notNull(),
                    "plain_string", DataType.VARCHAR.notNull());

    private ParquetDecodeBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        try (Allocator root = Allocator.root(4L << 30)) {
            for (Codec codec : new Codec[] {Codec.ZSTD, Codec.SNAPPY, Codec.UNCOMPRESSED}) {
                byte[] file = write(rows, codec, root);
                for (int column = 0; column < SCHEMA.size(); column++) {
                    measure(file, codec, column, rows, rounds, root);
                }
            }
        }
    }

    private static byte[] write(int rows, Codec codec, Allocator root) {
        ParquetWriteOptions options =
                ParquetWriteOptions.DEFAULT
                        .withCodec(codec)
                        .withPlainColumns(
                                Set.of("plain_long", "plain_long_nulls", "plain_int", "plain_double", "plain_string"));
        SplittableRandom random = new SplittableRandom(42);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BatchBuilder builder = new BatchBuilder(root, SCHEMA, 4096);
                ParquetWriter writer = new ParquetWriter(SCHEMA, options, out, root)) {
            byte[] letters = new byte[100];
            for (int i = 0; i < rows; i++) {
                long price = (long) (Math.pow(10, random.nextDouble() * 6) * 100);
                builder.column(0).appendLong(price);
                if (random.nextInt(10) == 0) {
                    builder.column(1).appendNull();
                } else {
                    builder.column(1).appendLong(price);
                }
                builder.column(2).appendLong(random.nextInt(1000) * 7L);
                builder.column(3).appendLong(random.nextInt(60_000) * 7L);
                builder.column(4).appendLong(random.nextInt(10_000));
                builder.column(5).appendDouble(random.nextInt(1_000_000) / 100.0);
                builder.column(6)
                        .appendBytes(
                                ("channel-" + random.nextInt(10_000))
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
                int length = 60 + random.nextInt(40);
                for (int k = 0; k < length; k++) {
                    letters[k] = (byte) ('a' + random.nextInt(26));
                }
                builder.column(7).appendBytes(letters, 0, length);
                if (builder.rowCount() == 4096 || i == rows - 1) {
                    try (Batch batch = builder.build()) {
                        writer.write(batch);
                    }
                }
            }
            writer.finish(Map.of());
        }
        return out.toByteArray();
    }

    private static void measure(byte[] file, Codec codec, int column, int rows, int rounds, Allocator root)
            throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        Fetched fetched = new Fetched(file, column, root);
        try {
            for (int round = -2; round < rounds; round++) {
                long start = threads.getCurrentThreadCpuTime();
                double found = fetched.read(root);
                long middle = threads.getCurrentThreadCpuTime();
                double expected = readByParquetJava(file, column);
                long end = threads.getCurrentThreadCpuTime();
                if (found != expected) {
                    throw new IllegalStateException(
                            SCHEMA.name(column) + ": expected sum " + expected + ", found " + found);
                }
                if (round >= 0) {
                    ours[round] = rows * 1e3 / (middle - start);
                    theirs[round] = rows * 1e3 / (end - middle);
                }
            }
        } finally {
            fetched.close();
        }
        Arrays.sort(ours);
        Arrays.sort(theirs);
        System.out.printf(
                java.util.Locale.ROOT,
                "{\"benchmark\":\"parquet-decode\",\"codec\":\"%s\",\"column\":\"%s\",\"rows\":%d,\"millrace_mrows_s\":%.1f,"
                    + "\"parquet_java_mrows_s\":%.1f,\"ratio\":%.2f,\"chunk_bytes\":%d,\"jdk\":\"%s\"}%n",
                codec,
                SCHEMA.name(column),
                rows,
                ours[rounds / 2],
                theirs[rounds / 2],
                ours[rounds / 2] / theirs[rounds / 2],
                fetched.chunkBytes,
                Runtime.version());
    }

    /** The column's chunks, off-heap, as a connector would have fetched them. */
    private static final class Fetched implements AutoCloseable {
        private final ParquetFooter footer;
        private final ParquetProjection projection;
        private final List<Buffer> buffers = new ArrayList<>();
        private long chunkBytes;

        Fetched(byte[] file, int column, Allocator root) {
            Buffer tail = root.allocate(MemoryTag.READ, file.length);
            Mem.copyIn(file, 0, tail.address(), file.length);
            long end = tail.address() + file.length - ParquetFooter.TAIL_BYTES;
            int bytes = ParquetFooter.footerBytes("memory", file.length, end);
            footer = ParquetFooter.parse("memory", file.length, end - bytes, bytes);
            tail.release();
            projection = ParquetProjection.of(footer, SCHEMA.project(column));
            for (RowGroup group : footer.rowGroups()) {
                ColumnChunk chunk = projection.chunks(group).getFirst();
                int length = (int) chunk.lengthBytes();
                Buffer buffer = root.allocate(MemoryTag.READ, (long) length + ChunkBytes.PADDING_BYTES);
                Mem.copyIn(file, (int) chunk.offset(), buffer.address(), length);
                buffers.add(buffer);
                chunkBytes += length;
            }
        }

        double read(Allocator root) {
            double sum = 0;
            for (int i = 0; i < buffers.size(); i++) {
                RowGroup group = footer.rowGroups().get(i);
                int length = (int) projection.chunks(group).getFirst().lengthBytes();
                ChunkBytes bytes = new ChunkBytes(length);
                bytes.append(buffers.get(i).retain(), 0, length);
                try (RowGroupReader reader = new RowGroupReader(projection, group, List.of(bytes), root)) {
                    while (!reader.isFinished()) {
                        try (Batch batch = reader.read(4096)) {
                            sum += sum(batch.column(0));
                        }
                    }
                }
            }
            return sum;
        }

        @Override
        public void close() {
            buffers.forEach(Buffer::release);
        }
    }

    private static double sum(Column column) {
        return switch (column.type().layout()) {
            case I64 -> column.encoding() == Encoding.DICTIONARY ? sumIndices(column) : sumLongs(column);
            case I32 -> sumInts(column);
            case F64 -> sumDoubles(column);
            default -> sumLengths(column);
        };
    }

    private static long sumIndices(Column column) {
        long sum = 0;
        long indices = column.valuesAddress();
        long entries = column.dictionary().valuesAddress();
        for (int i = 0; i < column.rowCount(); i++) {
            sum += Mem.getLong(entries + 8L * Mem.getInt(indices + 4L * i));
        }
        return sum;
    }

    private static long sumLongs(Column column) {
        long sum = 0;
        long values = column.valuesAddress();
        for (int i = 0; i < column.rowCount(); i++) {
            sum += Mem.getLong(values + 8L * i);
        }
        return sum;
    }

    private static long sumInts(Column column) {
        long sum = 0;
        long values = column.valuesAddress();
        for (int i = 0; i < column.rowCount(); i++) {
            sum += Mem.getInt(values + 4L * i);
        }
        return sum;
    }

    private static double sumDoubles(Column column) {
        double sum = 0;
        long values = column.valuesAddress();
        for (int i = 0; i < column.rowCount(); i++) {
            sum += (long) (Mem.getDouble(values + 8L * i) * 100);
        }
        return sum;
    }

    private static long sumLengths(Column column) {
        long sum = 0;
        Column values = column.valueColumn();
        boolean dictionary = column.encoding() == Encoding.DICTIONARY;
        for (int i = 0; i < column.rowCount(); i++) {
            int index = dictionary ? Mem.getInt(column.valuesAddress() + 4L * i) : i;
            sum += View.length(values.valuesAddress() + 16L * index);
        }
        return sum;
    }

    private static double readByParquetJava(byte[] file, int column) throws IOException {
        double sum = 0;
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        try (ParquetFileReader reader = ParquetFileReader.open(new MemoryFile(file), options)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            ColumnDescriptor descriptor = schema.getColumns().get(column);
            reader.setRequestedSchema(List.of(descriptor));
            MessageType one = new MessageType("one", schema.getType(column));
            for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
                ColumnReadStoreImpl store =
                        new ColumnReadStoreImpl(
                                pages,
                                new DummyRecordConverter(one).getRootConverter(),
                                one,
                                reader.getFileMetaData().getCreatedBy());
                sum += sum(store.getColumnReader(descriptor), descriptor);
            }
        }
        return sum;
    }

    private static double sum(ColumnReader reader, ColumnDescriptor descriptor) {
        long count = reader.getTotalValueCount();
        int present = descriptor.getMaxDefinitionLevel();
        long sum = 0;
        for (long i = 0; i < count; i++) {
            if (reader.getCurrentDefinitionLevel() == present) {
                switch (descriptor.getPrimitiveType().getPrimitiveTypeName()) {
                    case INT64 -> sum += reader.getLong();
                    case INT32 -> sum += reader.getInteger();
                    case DOUBLE -> sum += (long) (reader.getDouble() * 100);
                    default -> sum += reader.getBinary().length();
                }
            }
            reader.consume();
        }
        return sum;
    }

    /** A file in memory, as parquet-java wants it. */
    private record MemoryFile(byte[] bytes) implements InputFile {
        @Override
        public long getLength() {
            return bytes.length;
        }

        @Override
        public SeekableInputStream newStream() {
            java.io.ByteArrayInputStream in = new java.io.ByteArrayInputStream(bytes);
            return new org.apache.parquet.io.DelegatingSeekableInputStream(in) {
                @Override
                public long getPos() {
                    return (long) bytes.length - in.available();
                }

                @Override
                public void seek(long position) {
                    in.reset();
                    long ignored = in.skip(position);
                }
            };
        }
    }
}
