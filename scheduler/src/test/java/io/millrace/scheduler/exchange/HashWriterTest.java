package io.millrace.scheduler.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.hash.Hashing;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.EpochMarker;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashWriterTest {
    private static final long SEED = Long.getLong("millrace.seed", 1);
    private static final int KEY_GROUPS = 64;
    private static final int DICTIONARY = 8;
    private static final Schema SCHEMA =
            new Schema(
                    List.of(
                            new Field("i64", DataType.BIGINT),
                            new Field("i8", DataType.TINYINT),
                            new Field("i16", DataType.SMALLINT),
                            new Field("i32", DataType.INT),
                            new Field("f64", DataType.DOUBLE),
                            new Field("i128", DataType.decimal(30, 2)),
                            new Field("nanos", DataType.timestamp(9)),
                            new Field("view", DataType.varchar(1000)),
                            new Field("dictionary", DataType.varchar(1000)),
                            new Field("list", DataType.array(DataType.INT)),
                            new Field(
                                    "struct",
                                    DataType.row(
                                            List.of(
                                                    new Field("a", DataType.INT),
                                                    new Field("b", DataType.varchar(9)))))));

    private final Allocator allocator = Allocator.root(256L << 20);
    private final List<Column> dictionaries = new ArrayList<>();

    @AfterEach
    void leavesNoMemory() {
        dictionaries.forEach(Column::release);
        allocator.close();
    }

    private static Object value(DataType type, SplittableRandom random) {
        if (random.nextInt(5) == 0) {
            return null;
        }
        long some = random.nextLong(40);
        return switch (type.kind()) {
            case BIGINT -> some;
            case TINYINT -> (byte) some;
            case SMALLINT -> (short) some;
            case INT -> (int) some;
            case DOUBLE -> some / 2.0;
            case DECIMAL -> BigDecimal.valueOf(some * 1_000_000_007L, 2);
            case TIMESTAMP -> LocalDateTime.of(2026, 1, 1, 0, 0, 0, (int) some);
            case VARCHAR -> "string".repeat((int) some % 5) + some;
            case ARRAY -> IntStream.range(0, (int) some % 4).boxed().map(Object.class::cast).toList();
            case ROW -> List.of((int) some, "s" + some);
            default -> throw new AssertionError(type);
        };
    }

    private Column dictionary(SplittableRandom random) {
        ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, SCHEMA.type(DICTIONARY), 4);
        int entries = 1 + random.nextInt(20);
        for (int i = 0; i < entries; i++) {
            builder.appendObject("entry of a dictionary".substring(0, random.nextInt(21)) + i);
        }
        return builder.build();
    }

    private Column encoded(int rows, Column dictionary, SplittableRandom random) {
        Buffer indices = allocator.allocateZeroed(MemoryTag.BATCH, 4L * rows);
        Buffer validity = allocator.allocate(MemoryTag.BATCH, Mem.bitmapBytes(rows));
        Mem.fill(validity.address(), Mem.bitmapBytes(rows), (byte) 0xff);
        int nulls = 0;
        boolean nullable = random.nextBoolean();
        for (int row = 0; row < rows; row++) {
            if (nullable && random.nextInt(4) == 0) {
                Mem.clearBit(validity.address(), row);
                nulls++;
            } else {
                Mem.putInt(indices.address() + 4L * row, random.nextInt(dictionary.rowCount()));
            }
        }
        if (nulls == 0) {
            validity.release();
        }
        return Column.dictionary(rows, nulls, indices, nulls == 0 ? null : validity, dictionary.retain());
    }

    private Batch batch(SplittableRandom random) {
        int rows = 1 + random.nextInt(random.nextBoolean() ? 60 : 400);
        Column[] columns = new Column[SCHEMA.size()];
        for (int i = 0; i < columns.length; i++) {
            if (i == DICTIONARY && random.nextInt(5) != 0) {
                if (dictionaries.isEmpty() || random.nextInt(6) == 0) {
                    dictionaries.add(dictionary(random));
                }
                columns[i] = encoded(rows, dictionaries.getLast(), random);
                continue;
            }
            boolean constant = random.nextInt(6) == 0;
            ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, SCHEMA.type(i), 8);
            for (int row = 0; row < (constant ? 1 : rows); row++) {
                builder.appendObject(value(SCHEMA.type(i), random));
            }
            columns[i] = constant ? Column.constant(builder.build(), rows) : builder.build();
        }
        Selection selection =
                random.nextBoolean()
                        ? null
                        : Selection.of(
                                allocator, IntStream.range(0, rows).filter(row -> random.nextInt(3) != 0).toArray());
        Column weights = null;
        if (random.nextInt(3) == 0) {
            ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, DataType.BIGINT.notNull(), rows);
            IntStream.range(0, rows).forEach(row -> builder.appendLong(random.nextBoolean() ? 1 : -2));
            weights = builder.build();
        }
        return new Batch(SCHEMA, columns, rows, selection, weights);
    }

    private static void count(Batch batch, Map<String, Long> rows) {
        List<List<Object>> values = batch.toRows();
        for (int i = 0; i < values.size(); i++) {
            rows.merge(values.get(i).toString(), batch.weight(batch.row(i)), Long::sum);
        }
    }

    @Test
    void everyRowOfAnyEncodingReachesItsOwnerOnce() {
        for (long seed = SEED; seed < SEED + 150; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int readers = 2 + random.nextInt(3);
            int[] keys = random.nextBoolean() ? new int[] {0} : new int[] {7, 8, 0};
            Map<String, Long> sent = new TreeMap<>();
            Map<String, Long> received = new TreeMap<>();
            Channel[] channels = new Channel[readers];
            Sender[] senders = new Sender[readers];
            for (int reader = 0; reader < readers; reader++) {
                channels[reader] = Channel.ring(1 + random.nextInt(3));
                senders[reader] = new Sender(channels[reader]);
            }
            try (HashWriter writer =
                    new HashWriter(senders, keys, KEY_GROUPS, SCHEMA, 1 + random.nextInt(600), allocator)) {
                for (int i = 0; i < 30; i++) {
                    Batch batch = batch(random);
                    if (batch.activeCount() == 0) {
                        batch.close();
                        continue;
                    }
                    count(batch, sent);
                    writer.write(batch);
                    if (random.nextBoolean()) {
                        writer.control(new Watermark(i));
                    }
                    writer.flush(random.nextInt(4) == 0);
                    receive(channels, keys, received);
                }
                writer.control(Watermark.END);
                while (writer.hasPending()) {
                    writer.flush(true);
                    receive(channels, keys, received);
                }
            }
            receive(channels, keys, received);
            assertThat(received).as("seed=%d", seed).isEqualTo(sent);
            dictionaries.forEach(Column::release);
            dictionaries.clear();
        }
    }

    private void receive(Channel[] channels, int[] keys, Map<String, Long> received) {
        for (int reader = 0; reader < channels.length; reader++) {
            for (Object item = channels[reader].poll(); item != null; item = channels[reader].poll()) {
                if (item instanceof Batch batch) {
                    count(batch, received);
                    checkOwner(batch, keys, reader, channels.length);
                    batch.close();
                }
            }
        }
    }

    private static void checkOwner(Batch batch, int[] keys, int reader, int readers) {
        for (int i = 0; i < batch.activeCount(); i++) {
            int row = batch.row(i);
            long hash = 0;
            for (int k = 0; k < keys.length; k++) {
                long next = Hashing.hashValue(batch.column(keys[k]), row);
                hash = k == 0 ? next : Hashing.combine(hash, next);
            }
            int group = Hashing.keyGroup(hash, KEY_GROUPS);
            assertThat(Hashing.ownerOf(group, KEY_GROUPS, readers)).isEqualTo(reader);
        }
    }

    private Batch longs(int rows) {
        Schema schema = new Schema(List.of(new Field("k", DataType.BIGINT.notNull())));
        try (BatchBuilder builder = new BatchBuilder(allocator, schema, rows)) {
            for (long i = 0; i < rows; i++) {
                builder.append(i);
            }
            return builder.build();
        }
    }

    @Test
    void keepsADictionaryAsLongAsThereIsOne() {
        SplittableRandom random = new SplittableRandom(SEED);
        Schema schema = new Schema(List.of(new Field("d", SCHEMA.type(DICTIONARY))));
        Column one = dictionary(random);
        Column other = dictionary(random);
        try (BatchGatherer gatherer = new BatchGatherer(allocator, schema, 100)) {
            Buffer rows = allocator.allocate(MemoryTag.BATCH, 40);
            IntStream.range(0, 10).forEach(i -> Mem.putInt(rows.address() + 4L * i, 9 - i));
            List<Column> dictionariesInTurn = List.of(one, one, one, other);
            for (int upTo = 3; upTo <= 4; upTo++) {
                for (Column dictionary : dictionariesInTurn.subList(0, upTo)) {
                    try (Batch batch = new Batch(schema, new Column[] {encoded(10, dictionary, random)}, 10)) {
                        gatherer.gather(batch, rows.address(), 10);
                    }
                }
                try (Batch built = gatherer.build()) {
                    assertThat(built.rowCount()).isEqualTo(10 * upTo);
                    assertThat(built.column(0).encoding()).isEqualTo(upTo == 3 ? Encoding.DICTIONARY : Encoding.FLAT);
                }
            }
            rows.release();
        }
        one.release();
        other.release();
    }

    @Test
    void aWatermarkWaitsBehindTheRowsBeforeItAndAMarkerFlushesThem() {
        Channel[] channels = {Channel.ring(8), Channel.ring(8)};
        Sender[] senders = {new Sender(channels[0]), new Sender(channels[1])};
        Batch first = longs(10);
        try (HashWriter writer = new HashWriter(senders, new int[] {0}, KEY_GROUPS, first.schema(), 100, allocator)) {
            writer.write(first);
            writer.control(new Watermark(5));
            writer.control(new Watermark(6));
            assertThat(channels[0].isEmpty()).isTrue();
            EpochMarker marker = new EpochMarker(1, 0, false);
            writer.control(marker);
            for (Channel channel : channels) {
                Batch rows = (Batch) channel.poll();
                assertThat(rows.activeCount()).isPositive();
                rows.close();
                assertThat(channel.poll()).isEqualTo(new Watermark(6));
                assertThat(channel.poll()).isSameAs(marker);
                assertThat(channel.poll()).isNull();
            }
        }
    }

    @Test
    void aWholeBatchForOneReaderIsNotCopied() {
        Channel[] channels = {Channel.ring(8), Channel.ring(8)};
        Sender[] senders = {new Sender(channels[0]), new Sender(channels[1])};
        Schema schema = new Schema(List.of(new Field("k", DataType.BIGINT.notNull())));
        try (HashWriter writer = new HashWriter(senders, new int[] {0}, KEY_GROUPS, schema, 10, allocator);
                BatchBuilder builder = new BatchBuilder(allocator, schema, 10)) {
            for (int i = 0; i < 10; i++) {
                builder.append(42L);
            }
            Batch batch = builder.build();
            writer.write(batch);
            Object taken = channels[0].isEmpty() ? channels[1].poll() : channels[0].poll();
            assertThat(taken).isSameAs(batch);
            batch.close();
        }
    }

    @Test
    void whatFindsNoRoomWaitsInOrder() {
        Channel channel = Channel.ring(1);
        Sender sender = new Sender(channel);
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            items.add(i % 3 == 2 ? new EpochMarker(i, 0, false) : longs(1));
        }
        items.forEach(sender::send);
        assertThat(sender.isFull()).isTrue();
        List<Object> taken = new ArrayList<>();
        for (Object item = channel.poll(); item != null; item = channel.poll()) {
            taken.add(item);
            sender.flush();
        }
        assertThat(taken).containsExactlyElementsOf(items);
        assertThat(sender.isIdle()).isTrue();
        items.stream().filter(Batch.class::isInstance).forEach(item -> ((Batch) item).close());
    }

    @Test
    void aTightChannelHasRoomForOneBatchAgain() {
        Channel channel = Channel.ring(4);
        Sender sender = new Sender(channel);
        sender.send(longs(1));
        assertThat(sender.isFull()).isFalse();
        sender.limit(1);
        assertThat(sender.isFull()).isTrue();
        ((Batch) channel.poll()).close();
        assertThat(sender.isFull()).isFalse();
        sender.limit(4);
        for (int i = 0; i < 4; i++) {
            assertThat(sender.isFull()).isFalse();
            sender.send(longs(1));
        }
        assertThat(sender.isFull()).isTrue();
        channel.release();
    }

    @Test
    void watermarksThatWaitAreFoldedIntoTheLast() {
        Channel channel = Channel.ring(1);
        Sender sender = new Sender(channel);
        sender.send(longs(1));
        sender.send(longs(1));
        for (int i = 0; i < 1000; i++) {
            sender.send(new Watermark(i));
        }
        ((Batch) channel.poll()).close();
        sender.flush();
        ((Batch) channel.poll()).close();
        sender.flush();
        assertThat(channel.poll()).isEqualTo(new Watermark(999));
        assertThat(channel.poll()).isNull();
        try {
            Sender.release("neither");
        } catch (MillraceException expected) {
            assertThat(expected).hasMessageContaining("not an item");
        }
    }
}
