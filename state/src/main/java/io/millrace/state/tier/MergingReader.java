package io.millrace.state.tier;

import io.millrace.memory.buffer.Allocator;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.Records;
import io.millrace.state.table.RowConversion;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads all rows of several runs in order and merges the parts of each key. Runs of which no two have parts of one key
 * may be mixed with any rows; else the rows must all be parts. One thread.
 */
final class MergingReader implements AutoCloseable {
    /** Rows that hold much, as the values of a group that are counted once each, are read fewer at a time. */
    private static final int PIECE_BYTES = 2 << 20;

    private final int mask;
    private final List<BucketCursor> inputs = new ArrayList<>();
    private final Records records;

    /** A reader of these runs, those of one table the oldest first. */
    MergingReader(StateTier tier, Allocator allocator, List<TierRun> runs) {
        this(tier, allocator, runs, null);
    }

    /** As the other, of rows that have to be converted; null when they need not. */
    MergingReader(StateTier tier, Allocator allocator, List<TierRun> runs, RowConversion conversion) {
        // A bucket of the fewest bits is several of those of more.
        this.mask = BucketLayout.maskOf(runs.stream().mapToInt(TierRun::bits).min().orElse(0));
        this.records = new Records(allocator, conversion);
        try {
            for (TierRun run : runs) {
                BucketCursor reader = BucketCursor.of(tier, allocator, run);
                inputs.add(reader);
                reader.seekToFirst();
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /**
     * Adds the rows of whole buckets until the table holds so many, or enough was read, if there is so much.
     *
     * @return whether there are more
     */
    boolean read(CodedTable into, long rows) {
        long bytes = 0;
        while (into.table().size() < rows && bytes < PIECE_BYTES) {
            BucketCursor first = null;
            for (BucketCursor input : inputs) {
                if (input.isValid() && (first == null || Integer.compareUnsigned(input.bucket(), first.bucket()) < 0)) {
                    first = input;
                }
            }
            if (first == null) {
                return false;
            }
            int bucket = first.bucket() & mask;
            for (BucketCursor input : inputs) {
                while (input.isValid() && (input.bucket() & mask) == bucket) {
                    long address = input.fetch();
                    records.apply(address, input.length(), into);
                    bytes += input.length();
                    input.next();
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        inputs.forEach(BucketCursor::close);
        inputs.clear();
        records.close();
    }
}
