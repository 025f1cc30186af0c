package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import java.util.List;

/**
 * Takes rows that lie by the keys of an earlier script to a table of the keys of this one. No two keys become one, so
 * rows are taken as they are. One thread; holds nothing.
 */
public final class KeyMove {
    private static final int KEYS = 1_024;

    private final Allocator allocator;
    private final RowConversion keys;
    private final KeyClip clip;

    /**
     * A move.
     *
     * @param keys makes encoded keys those of this script
     * @param clip says which of those are this task's
     */
    public KeyMove(Allocator allocator, RowConversion keys, KeyClip clip) {
        this.allocator = allocator;
        this.keys = keys;
        this.clip = clip;
    }

    /** A table by the keys there were, of rows as this table has them; it closes that. */
    public CodedTable before(CodedTable twin) {
        KeyCodec none = new KeyCodec(List.of(), List.of());
        return new Before(allocator, twin, new BytesKeyTable(allocator, none, twin.table().valueBytes(), null));
    }

    /** Keys are only loaded, so that their types do not matter. */
    private record Before(Allocator allocator, CodedTable twin, KeptTable table) implements CodedTable {
        @Override
        public RowCodec codec() {
            return twin.codec();
        }

        @Override
        public void clear() {
            if (!codec().isFlat()) {
                try (RowList rows = new RowList(allocator, KEYS)) {
                    long cursor = 0;
                    while (cursor >= 0) {
                        rows.clear();
                        cursor = table.scan(cursor, KEYS, rows);
                        for (int i = 0; i < rows.size(); i++) {
                            codec().free(rows.get(i));
                        }
                    }
                }
            }
            table.clear();
        }

        @Override
        public void close() {
            clear();
            table.close();
            twin.close();
        }
    }

    /** Copies all rows of the task's own keys. */
    public void move(CodedTable from, CodedTable to) {
        long[] addresses = new long[KEYS];
        int[] lengths = new int[KEYS];
        boolean[] own = new boolean[KEYS];
        StateInput input = new StateInput();
        try (RowList rows = new RowList(allocator, KEYS);
                StateOutput one = new StateOutput(allocator, KEYS);
                StateOutput converted = new StateOutput(allocator, KEYS * 16)) {
            long cursor = 0;
            while (cursor >= 0) {
                rows.clear();
                cursor = from.table().scan(cursor, KEYS, rows);
                converted.truncate(0);
                for (int i = 0; i < rows.size(); i++) {
                    int length = from.table().keyLength(rows.get(i));
                    one.truncate(0);
                    from.table().copyKey(rows.get(i), one.advance(length));
                    addresses[i] = converted.sizeBytes();
                    keys.convert(input.wrap(one.address(), length), converted);
                    lengths[i] = (int) (converted.sizeBytes() - addresses[i]);
                }
                for (int i = 0; i < rows.size(); i++) {
                    addresses[i] += converted.address();
                }
                clip.test(addresses, rows.size(), own);
                for (int i = 0; i < rows.size(); i++) {
                    if (own[i]) {
                        one.truncate(0);
                        from.codec().write(rows.get(i), one);
                        long row = to.table().load(addresses[i], lengths[i]);
                        to.codec().read(input.wrap(one.address(), one.sizeBytes()), row);
                    }
                }
            }
        }
    }
}
