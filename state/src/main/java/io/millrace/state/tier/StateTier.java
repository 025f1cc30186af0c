package io.millrace.state.tier;

import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import io.millrace.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ChecksumType;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.EnvOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileWriter;
import org.rocksdb.Status;

/**
 * Where the tables of one job that outgrow memory go: a RocksDB in a directory of its own, opened when first needed,
 * and the rule of when memory is short. Its cache is charged to the budget. Thread-safe; what touches files blocks.
 */
public final class StateTier implements AutoCloseable {
    /** Of the budget, what tables may hold before the first is written out. */
    private static final int SPILL_PERCENT = 55;

    /** Of the budget, what tables may hold, those included that are being written, before operators must wait. */
    private static final int WAIT_PERCENT = 85;

    /**
     * Of the budget, what may be used before tables must leave even at a bad time. Looking keys up and folding need
     * what is above it.
     */
    private static final int URGENT_PERCENT = 75;

    /** Of the budget, what the filters of runs may take. */
    private static final int FILTER_PERCENT = 10;

    private static final int BLOCK_BYTES = 8 << 10;

    /** Where single keys are looked up: less than any entry, so that each has its own, as {@link RunIndex} says. */
    private static final int LOOKED_UP_BLOCK_BYTES = 1;

    private static final int INDEX_BLOCK_BYTES = 4 << 10;

    /** Of the keys in RocksDB's own index, one in so many is whole. */
    private static final int INDEX_KEYS_A_RESTART = 16;

    /** What RocksDB's own index takes while a file is written, measured: it writes it at the end. */
    private static final int INDEX_BYTES_A_BUCKET = 28;

    /** Of the budget, as a divisor, what it may take. */
    private static final int INDEX_SHARE = 16;

    private static final int MIN_KEYS_AT_ONCE = 1 << 10;
    private static final int MAX_KEYS_AT_ONCE = 1 << 16;

    /** So many bytes of the budget for each key looked up at a time: it takes some 200, in each of a few tasks. */
    private static final int LOOKED_UP_SHARE = 4_000;

    /** Of the budget, as a divisor, what leaves at a time of rows that are kept to be put in order. */
    private static final int PIECE_SHARE = 12;

    private static final long MIN_PIECE_BYTES = 1 << 20;
    private static final int WRITE_BUFFER_BYTES = 64 << 10;
    private static final int READAHEAD_BYTES = 128 << 10;
    private static final long MIN_CACHE_BYTES = 4 << 20;
    private static final long MAX_CACHE_BYTES = 256 << 20;
    private static final int MAX_OPEN_FILES = 512;

    private final Path directory;
    private final MemoryBudget budget;
    private final int spillPercent;
    private long cacheBytes;
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong columns = new AtomicLong();
    private final AtomicInteger tables = new AtomicInteger();
    private final AtomicLong leavingBytes = new AtomicLong();
    private final AtomicLong filterBytes = new AtomicLong();
    private final TierStatistics statistics = new TierStatistics();
    private RocksDB database;

    /** Why it could not be opened, which is tried once. */
    private MillraceException unusable;

    private ColumnFamilyHandle defaultColumn;
    private LRUCache cache;
    private DBOptions databaseOptions;
    private ColumnFamilyOptions columnOptions;
    private Options fileOptions;
    private Options lookedUpOptions;
    private EnvOptions environment;
    private boolean made;
    private boolean closed;
    private boolean mapsFiles = true;

    /**
     * A tier that will make this directory when it needs it, and removes it when it is closed.
     *
     * @param budget of the process
     */
    public StateTier(Path directory, MemoryBudget budget) {
        this(directory, budget, SPILL_PERCENT);
    }

    /** As the other, with another share of the budget that tables may hold, in percent; 0 to keep nothing in memory. */
    public StateTier(Path directory, MemoryBudget budget, int spillPercent) {
        this.directory = directory;
        this.budget = budget;
        this.spillPercent = spillPercent;
        this.cacheBytes = Math.clamp(budget.limitBytes() / 16, MIN_CACHE_BYTES, MAX_CACHE_BYTES);
    }

    /**
     * Has files read by calls and none mapped, before the first is: on a file system in memory what is mapped of a file
     * is the process's.
     */
    public StateTier unmapped() {
        mapsFiles = false;
        return this;
    }

    /** By which a run is read where its file is mapped; null where none is, or blocks do not lie where it says. */
    RunIndex indexToUse(TierRun run, RunIndex index) {
        return index != null && mapsFiles && index.isRight(run.mapped()) ? index : null;
    }

    /**
     * Reserves what RocksDB will need beside the budget while it writes a run in which keys are looked up: something
     * for each bucket. Where there is no room the run has fewer buckets. Returns what is to be {@linkplain
     * #releaseIndex released}.
     */
    long reserveIndex(TierRun run) {
        for (int bits = run.bits(); bits > BucketLayout.MIN_BITS; bits--) {
            long bytes = (long) INDEX_BYTES_A_BUCKET << bits;
            if (bytes <= budget.limitBytes() / INDEX_SHARE && budget.tryReserve(MemoryTag.ROCKSDB, bytes)) {
                run.withBits(bits);
                return bytes;
            }
        }
        run.withBits(Math.min(run.bits(), BucketLayout.MIN_BITS));
        return 0;
    }

    void releaseIndex(long bytes) {
        if (bytes > 0) {
            budget.release(MemoryTag.ROCKSDB, bytes);
        }
    }

    /** The runs of the tables of one task, as RocksDB has them: by number, then by bucket. */
    record Column(ColumnFamilyHandle handle) {}

    /** A table may come to be given away. */
    void began() {
        tables.incrementAndGet();
    }

    /** It may not any more. */
    void ended() {
        tables.decrementAndGet();
    }

    /** Bytes of tables that are on their way out. */
    void leaving(long bytes) {
        leavingBytes.addAndGet(bytes);
    }

    /** Whether a table that holds so much, and may soon take so much more, had better be given away. */
    boolean wants(long heldBytes, long growthBytes) {
        long used = usedBytes() - leavingBytes.get();
        long held = budget.usedBytes(MemoryTag.STATE) - leavingBytes.get();
        // What others took is not there for tables.
        long limit = (budget.limitBytes() - used + held) / 100 * spillPercent;
        boolean isShort = held >= limit || used + 2 * growthBytes > budget.limitBytes() / 100 * URGENT_PERCENT;
        return isShort && heldBytes >= Math.min(limit, held) / (4L * Math.max(1, tables.get()));
    }

    /**
     * Whether so much is held that a table must not be kept for longer, whatever would be gained.
     *
     * @param growthBytes that it may take with the next rows; a table that grows holds the old one and the new for a
     *     moment, and its like in another task grows at about the same time
     */
    boolean isUrgent(long growthBytes) {
        return usedBytes() + 2 * growthBytes > budget.limitBytes() / 100 * URGENT_PERCENT;
    }

    /** Of the budget; buffers that are kept for reuse are given back when they are needed. */
    private long usedBytes() {
        return budget.usedBytes() - budget.usedBytes(MemoryTag.POOL);
    }

    /** How many keys may be looked up at once, so that what is found of them fits beside the tables. */
    int keysAtOnce() {
        return (int) Math.clamp(budget.limitBytes() / LOOKED_UP_SHARE, MIN_KEYS_AT_ONCE, MAX_KEYS_AT_ONCE);
    }

    /**
     * Whether an operator must wait until some of what is on its way out is there.
     *
     * @param growthBytes that its table may take with the next rows
     */
    boolean isBehind(long growthBytes) {
        return leavingBytes.get() > 0 && usedBytes() + growthBytes > budget.limitBytes() / 100 * WAIT_PERCENT;
    }

    /** Whether there is room for a filter, which then has it until it is {@linkplain #endFilter ended}. */
    boolean beginFilter(long bytes) {
        if (filterBytes.addAndGet(bytes) <= budget.limitBytes() / 100 * FILTER_PERCENT) {
            return true;
        }
        endFilter(bytes);
        return false;
    }

    void endFilter(long bytes) {
        filterBytes.addAndGet(-bytes);
    }

    public TierStatistics statistics() {
        return statistics;
    }

    private synchronized RocksDB database() {
        if (closed) {
            throw new MillraceException(ErrorCode.CANCELLED, "the tier of a job that has ended: " + directory);
        }
        if (database == null) {
            open();
        }
        return database;
    }

    /** Opens it, if it is not. */
    void prepare() {
        database();
    }

    private void open() {
        if (unusable != null) {
            throw unusable;
        }
        RocksDB.loadLibrary();
        makeDirectory();
        while (!budget.tryReserve(MemoryTag.ROCKSDB, cacheBytes)) {
            if (cacheBytes == MIN_CACHE_BYTES) {
                budget.reserve(MemoryTag.ROCKSDB, cacheBytes, "the cache of " + directory);
                break;
            }
            cacheBytes = Math.max(MIN_CACHE_BYTES, cacheBytes / 2);
        }
        // Not strict: when all of it is pinned, reading must go on.
        cache = new LRUCache(cacheBytes, 2, false);
        columnOptions =
                new ColumnFamilyOptions()
                        .setTableFormatConfig(blocks(BLOCK_BYTES))
                        .setCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setDisableAutoCompactions(true)
                        .setWriteBufferSize(WRITE_BUFFER_BYTES)
                        .setArenaBlockSize(WRITE_BUFFER_BYTES / 8)
                        .setLevel0FileNumCompactionTrigger(1 << 20)
                        .setLevel0SlowdownWritesTrigger(1 << 20)
                        .setLevel0StopWritesTrigger(1 << 20);
        databaseOptions =
                new DBOptions()
                        .setCreateIfMissing(true)
                        .setMaxOpenFiles(MAX_OPEN_FILES)
                        .setMaxBackgroundJobs(1)
                        .setKeepLogFileNum(1)
                        .setStatsDumpPeriodSec(0)
                        .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL);
        fileOptions =
                new Options()
                        .setTableFormatConfig(blocks(BLOCK_BYTES))
                        .setCompressionType(CompressionType.LZ4_COMPRESSION);
        lookedUpOptions =
                new Options()
                        .setTableFormatConfig(blocks(LOOKED_UP_BLOCK_BYTES))
                        .setCompressionType(CompressionType.NO_COMPRESSION);
        environment = new EnvOptions();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            database =
                    RocksDB.open(
                            databaseOptions,
                            directory.resolve("rocksdb").toString(),
                            List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, columnOptions)),
                            handles);
            defaultColumn = handles.getFirst();
        } catch (RocksDBException failed) {
            unusable = failure("opening", directory, failed);
            throw unusable;
        }
    }

    /** Makes the place for files of runs, if it is not there; what an earlier process left in it is removed. */
    synchronized void makeDirectory() {
        if (made) {
            return;
        }
        String location = directory.toString();
        Storage.at(location).deleteTree(location);
        Storage.at(location).createDirectories(directory.resolve("runs").toString());
        made = true;
    }

    private BlockBasedTableConfig blocks(int blockBytes) {
        return new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setMetadataBlockSize(INDEX_BLOCK_BYTES)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinTopLevelIndexAndFilter(true)
                .setIndexBlockRestartInterval(INDEX_KEYS_A_RESTART)
                .setBlockSize(blockBytes)
                .setFormatVersion(5)
                .setChecksumType(ChecksumType.kCRC32c);
    }

    /** What a failure of RocksDB means to us. */
    static MillraceException failure(String doing, Object what, RocksDBException failed) {
        Status status = failed.getStatus();
        ErrorCode code = ErrorCode.IO_FAILED;
        if (status != null && status.getCode() == Status.Code.Corruption) {
            code = ErrorCode.CORRUPT_DATA;
        } else if (status != null && status.getSubCode() == Status.SubCode.NoSpace
                || String.valueOf(failed.getMessage()).contains("No space left")) {
            code = ErrorCode.DISK_FULL;
        }
        return new MillraceException(code, doing + " " + what + ": " + failed.getMessage(), failed);
    }

    /** Where a new run of a table may be written. */
    Path newFile() {
        return newFile(".sst");
    }

    Path newFile(String suffix) {
        return directory.resolve("runs").resolve(files.incrementAndGet() + suffix);
    }

    /** How large a piece of rows had better be that leaves at a time, so that others come in meanwhile. */
    long pieceBytes() {
        return Math.max(MIN_PIECE_BYTES, budget.limitBytes() / PIECE_SHARE);
    }

    /** Makes an empty column. */
    Column createColumn() {
        byte[] name = Long.toString(columns.incrementAndGet()).getBytes(StandardCharsets.US_ASCII);
        try {
            return new Column(database().createColumnFamily(new ColumnFamilyDescriptor(name, columnOptions)));
        } catch (RocksDBException failed) {
            throw failure("making a column family in", directory, failed);
        }
    }

    /** Adds a run to a column; the run's own file stays. */
    void ingest(Column column, TierRun run) {
        Path link = run.path().resolveSibling(files.incrementAndGet() + ".link");
        try (IngestExternalFileOptions options = new IngestExternalFileOptions()) {
            options.setMoveFiles(true).setWriteGlobalSeqno(false);
            Files.createLink(link, run.path());
            KillPoint.reach("tier.run.ingest");
            database().ingestExternalFile(column.handle(), List.of(link.toString()), options);
            KillPoint.reach("tier.run.ingested");
        } catch (RocksDBException failed) {
            throw failure("ingesting", run.path(), failed);
        } catch (IOException failed) {
            throw new MillraceException(ErrorCode.IO_FAILED, link + ": " + failed.getMessage(), failed);
        } finally {
            link.toFile().delete();
        }
    }

    /** Takes runs out of a column, with their files, as no two runs share one. */
    void remove(Column column, List<TierRun> runs) {
        List<byte[]> ranges = new ArrayList<>();
        for (TierRun run : runs) {
            ranges.add(firstKey(run.number()));
            ranges.add(firstKey(run.number() + 1));
        }
        if (ranges.isEmpty()) {
            return;
        }
        try {
            database().deleteFilesInRanges(column.handle(), ranges, false);
        } catch (RocksDBException failed) {
            throw failure("removing runs from", directory, failed);
        }
    }

    private static byte[] firstKey(long run) {
        return ByteBuffer.allocate(8).putInt((int) run).putInt(0).array();
    }

    /** Forgets a column and its files. */
    void drop(Column column) {
        synchronized (this) {
            if (!closed) {
                try {
                    database.dropColumnFamily(column.handle());
                } catch (RocksDBException failed) {
                    throw failure("dropping a column family of", directory, failed);
                }
            }
        }
        column.handle().close();
    }

    /** The entries of a column as it is now, for looking up some. */
    RunEntries lookUp(Column column) {
        try (ReadOptions options = new ReadOptions()) {
            return RunEntries.of(database().newIterator(column.handle(), options));
        }
    }

    /** The entries of a run alone, for reading all. */
    RunEntries scan(TierRun run) {
        database();
        SstFileReader file = new SstFileReader(fileOptions);
        try (ReadOptions options = new ReadOptions()) {
            file.open(run.path().toString());
            return RunEntries.of(file, file.newIterator(options.setFillCache(false).setReadaheadSize(READAHEAD_BYTES)));
        } catch (RocksDBException failed) {
            file.close();
            throw failure("opening", run.path(), failed);
        }
    }

    /** Begins the file of a run; {@code lookedUp} when single keys will be looked up in it. */
    SstFileWriter write(Path path, boolean lookedUp) {
        database();
        SstFileWriter writer = new SstFileWriter(environment, lookedUp ? lookedUpOptions : fileOptions);
        try {
            writer.open(path.toString());
            return writer;
        } catch (RocksDBException failed) {
            writer.close();
            throw failure("creating", path, failed);
        }
    }

    /** Closes RocksDB and removes the directory. Whatever used it was closed before. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (databaseOptions != null) {
            closeDatabase();
        }
        if (made) {
            String location = directory.toString();
            Storage.at(location).deleteTree(location);
        }
    }

    private void closeDatabase() {
        if (database != null) {
            defaultColumn.close();
            database.close();
        }
        columnOptions.close();
        databaseOptions.close();
        fileOptions.close();
        lookedUpOptions.close();
        environment.close();
        cache.close();
        budget.release(MemoryTag.ROCKSDB, cacheBytes);
    }
}
