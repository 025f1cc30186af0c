package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.encoding.RleDecoder;
import io.millrace.formats.parquet.encoding.ViewTarget;
import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.formats.parquet.footer.SchemaNode;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.column.View;
import io.millrace.memory.types.DataType;

/**
 * Reads a column that is one leaf and not repeated. Rows that all come from pages of indices become a dictionary column
 * over the chunk's dictionary; others are flat. A large dictionary of fixed-width values is looked up here, where the
 * indices are in the cache, instead of by everyone downstream.
 */
final class FlatColumnReader implements ColumnReader {
    private static final int MAX_FIXED_DICTIONARY = 1024;

    private final DataType type;
    private final boolean optional;
    private final int width;
    private final boolean view;
    private final PageSource pages;
    private final ValueReader values;
    private final RleDecoder definitions;
    private final Allocator allocator;
    private final ChunkLocation where;
    private int pageLeft;

    /** Rows to pass over before the next that is read: what no page is opened for is never decompressed. */
    private long toSkip;

    // The column being made.
    private Buffer validity;
    private Buffer out;
    private boolean outIsIndices;
    private final ViewTarget target = new ViewTarget();
    private Buffer indexScratch;

    FlatColumnReader(
            SchemaNode leaf,
            DataType type,
            Conversion conversion,
            PageSource pages,
            Allocator allocator,
            ChunkLocation where) {
        this.type = type;
        this.optional = leaf.maxDefinition() == 1;
        this.width = type.layout().widthBytes();
        this.view = conversion.isView();
        this.pages = pages;
        this.allocator = allocator;
        this.where = where;
        this.values = new ValueReader(leaf, type, conversion, allocator, where);
        this.definitions = new RleDecoder(where);
    }

    @Override
    public boolean ready(int rows) {
        return pages.ready(toSkip + rows - pageLeft);
    }

    @Override
    public void skip(int rows) {
        toSkip += rows;
        dropPages();
    }

    /** Lets go of pages of which no row is wanted. */
    private void dropPages() {
        if (pageLeft > 0 && pageLeft <= toSkip) {
            toSkip -= pageLeft;
            pageLeft = 0;
        }
        while (pageLeft == 0 && toSkip > 0) {
            int dropped = pages.drop(toSkip);
            if (dropped == 0) {
                return;
            }
            toSkip -= dropped;
        }
    }

    private void skipTo() {
        dropPages();
        while (toSkip > 0) {
            while (pageLeft == 0) {
                nextPage();
            }
            int n = (int) Math.min(toSkip, pageLeft);
            values.skip(optional ? definitions.skipBits(n) : n);
            pageLeft -= n;
            toSkip -= n;
        }
    }

    /** Whether rows may be NULL. */
    boolean isOptional() {
        return optional;
    }

    /** The dictionary that every value comes from, a view; null when the first page has none. Only at the start. */
    Column peekDictionary() {
        while (pageLeft == 0) {
            nextPage();
        }
        return values.isDictionary() ? values.dictionary() : null;
    }

    @Override
    public Column read(int rows) {
        try {
            return readRows(rows);
        } finally {
            forget();
        }
    }

    private void forget() {
        if (validity != null) {
            validity.release();
            validity = null;
        }
        if (out != null) {
            out.release();
            out = null;
        }
        target.release();
    }

    /** The selected ones of the next {@code rows} rows: {@code count} ascending i32 indices, at least one. */
    @Override
    public Column read(int rows, long selection, int count) {
        try {
            begin(count);
            int nulls = 0;
            int position = 0;
            for (int i = 0; i < count; ) {
                int first = Mem.getInt(selection + 4L * i);
                int next = i + 1;
                while (next < count && Mem.getInt(selection + 4L * next) == first + next - i) {
                    next++;
                }
                toSkip += first - position;
                skipTo();
                nulls += readRun(count, i, next - i);
                position = first + next - i;
                i = next;
            }
            skip(rows - position);
            return build(count, nulls);
        } finally {
            forget();
        }
    }

    private Column readRows(int rows) {
        begin(rows);
        skipTo();
        return build(rows, readRun(rows, 0, rows));
    }

    private void begin(int rows) {
        if (optional) {
            long bytes = Mem.bitmapBytes(rows) + 8;
            validity = allocator.allocate(MemoryTag.BATCH, bytes);
            Mem.fill(validity.address(), bytes, (byte) 0xff);
        }
    }

    /**
     * Reads the next {@code count} rows of the page or pages as those from {@code from} on of {@code rows}; the NULLs.
     */
    private int readRun(int rows, int from, int count) {
        int nulls = 0;
        int done = from;
        int end = from + count;
        while (done < end) {
            while (pageLeft == 0) {
                nextPage();
            }
            int n = Math.min(end - done, pageLeft);
            int present = optional ? definitions.decodeBits(n, validity.address(), done) : n;
            if (values.isDictionary() && keepsDictionary(done)) {
                readIndices(rows, done, n, present);
            } else {
                readValues(rows, done, n, present);
            }
            nulls += n - present;
            pageLeft -= n;
            done += n;
        }
        return nulls;
    }

    private void nextPage() {
        Page page = pages.next();
        if (page == null) {
            throw where.corrupt("the column ends before its row group");
        }
        boolean taken = false;
        try {
            if (page.encoding().isDictionary()) {
                values.readDictionary(pages.dictionary());
            }
            if (optional) {
                definitions.start(page.definition().address(), page.definition().end(), 1);
            }
            pageLeft = page.valueCount();
            taken = true;
        } finally {
            if (!taken) {
                page.release();
            }
        }
        values.start(page);
    }

    private boolean keepsDictionary(int done) {
        return (view || values.dictionary().rowCount() <= MAX_FIXED_DICTIONARY) && (done == 0 || outIsIndices);
    }

    private void readIndices(int rows, int done, int n, int present) {
        if (out == null) {
            out = allocator.allocate(MemoryTag.BATCH, 4L * rows);
            outIsIndices = true;
        }
        long to = out.address() + 4L * done;
        values.decodeIndices(present, to);
        if (present < n) {
            spread(to, 4, done, n, present);
        }
    }

    private void readValues(int rows, int done, int n, int present) {
        if (out == null) {
            out = allocator.allocate(MemoryTag.BATCH, (long) width * rows);
            outIsIndices = false;
        } else if (outIsIndices) {
            flatten(rows, done);
        }
        long to = out.address() + (long) width * done;
        if (values.isDictionary()) {
            if (indexScratch == null || indexScratch.capacityBytes() < 4L * present) {
                Buffer grown = allocator.allocate(MemoryTag.READ, 4L * Math.max(present, 1));
                if (indexScratch != null) {
                    indexScratch.release();
                }
                indexScratch = grown;
            }
            values.decodeIndices(present, indexScratch.address());
            lookUp(indexScratch.address(), present, to);
        } else {
            values.decode(present, to, target);
        }
        if (present < n) {
            spread(to, width, done, n, present);
        }
    }

    /** Replaces the indices of the rows done so far by their values. */
    private void flatten(int rows, int done) {
        Buffer indices = out;
        out = allocator.allocate(MemoryTag.BATCH, (long) width * rows);
        outIsIndices = false;
        try {
            lookUp(indices.address(), done, out.address());
        } finally {
            indices.release();
        }
        if (optional) {
            zeroNulls(out.address(), done);
        }
    }

    private void zeroNulls(long to, int rows) {
        for (int i = 0; i < rows; i++) {
            if (!Mem.getBit(validity.address(), i)) {
                Mem.fill(to + (long) i * width, width, (byte) 0);
            }
        }
    }

    private void lookUp(long indices, int count, long to) {
        Column dictionary = values.dictionary();
        long entries = dictionary.valuesAddress();
        if (view) {
            lookUpViews(dictionary, indices, count, to);
            return;
        }
        switch (width) {
            case 8 -> lookUp8(entries, indices, count, to);
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    Mem.putInt(to + 4L * i, Mem.getInt(entries + 4L * Mem.getInt(indices + 4L * i)));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    long from = entries + (long) width * Mem.getInt(indices + 4L * i);
                    Mem.copyShort(from, to + (long) width * i, width);
                }
            }
        }
    }

    private static void lookUp8(long entries, long indices, int count, long to) {
        for (int i = 0; i < count; i++) {
            Mem.putLong(to + 8L * i, Mem.getLong(entries + 8L * Mem.getInt(indices + 4L * i)));
        }
    }

    private void lookUpViews(Column dictionary, long indices, int count, long to) {
        Buffer[] data = dictionary.dataBuffers();
        int[] moved = new int[data.length];
        for (int i = 0; i < data.length; i++) {
            moved[i] = target.indexOf(data[i]);
        }
        long entries = dictionary.valuesAddress();
        for (int i = 0; i < count; i++) {
            long from = entries + 16L * Mem.getInt(indices + 4L * i);
            long view = to + 16L * i;
            Mem.putLong(view, Mem.getLong(from));
            Mem.putLong(view + 8, Mem.getLong(from + 8));
            if (View.length(from) > View.INLINE_BYTES) {
                Mem.putInt(view + 8, moved[Mem.getInt(from + 8)]);
            }
        }
    }

    /** Moves values that lie together at {@code to} to their rows, from the last on, and zeroes those under a null. */
    private void spread(long to, int valueWidth, int firstRow, int n, int present) {
        long bits = validity.address();
        if (present == 0) {
            Mem.fill(to, (long) n * valueWidth, (byte) 0);
        } else if (valueWidth == 8) {
            spread8(to, bits, firstRow, n, present);
        } else if (valueWidth == 4) {
            spread4(to, bits, firstRow, n, present);
        } else {
            int from = present;
            for (int i = n - 1; i >= 0; i--) {
                long at = to + (long) i * valueWidth;
                if (Mem.getBit(bits, firstRow + i)) {
                    from--;
                    Mem.copyShort(to + (long) from * valueWidth, at, valueWidth);
                } else {
                    Mem.fill(at, valueWidth, (byte) 0);
                }
            }
        }
    }

    private static void spread8(long to, long bits, int firstRow, int n, int present) {
        int from = present;
        for (int i = n - 1; i >= 0; i--) {
            int row = firstRow + i;
            int bit = Mem.getByte(bits + (row >> 3)) >>> (row & 7) & 1;
            from -= bit;
            Mem.putLong(to + 8L * i, Mem.getLong(to + 8L * from) & -(long) bit);
        }
    }

    private static void spread4(long to, long bits, int firstRow, int n, int present) {
        int from = present;
        for (int i = n - 1; i >= 0; i--) {
            int row = firstRow + i;
            int bit = Mem.getByte(bits + (row >> 3)) >>> (row & 7) & 1;
            from -= bit;
            Mem.putInt(to + 4L * i, Mem.getInt(to + 4L * from) & -bit);
        }
    }

    private Column build(int rows, int nulls) {
        if (nulls > 0 && !type.nullable()) {
            throw where.broken("the column is declared " + type + " and holds NULL");
        }
        Buffer built = out == null ? allocator.allocateZeroed(MemoryTag.BATCH, Math.max(8, width)) : out;
        out = null;
        Buffer builtValidity = null;
        if (nulls > 0) {
            builtValidity = validity;
            validity = null;
        }
        if (outIsIndices && rows > 0) {
            return Column.dictionary(rows, nulls, built, builtValidity, values.dictionary().retain());
        }
        return new Column(type, Encoding.FLAT, rows, nulls, built, builtValidity, target.takeAll(), null);
    }

    @Override
    public void finish() {
        dropPages();
        if (toSkip > 0 && pageLeft == 0) {
            throw where.corrupt("the column ends before its row group");
        }
        while (pageLeft == 0) {
            Page page = pages.next();
            if (page == null) {
                return;
            }
            pageLeft = page.valueCount();
            page.release();
        }
        throw where.corrupt("the column goes on after its row group");
    }

    @Override
    public void close() {
        forget();
        if (indexScratch != null) {
            indexScratch.release();
            indexScratch = null;
        }
        values.close();
        pages.close();
    }
}
