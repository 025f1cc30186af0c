package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.encoding.ByteSlice;
import io.millrace.formats.parquet.encoding.CopiedFixedBytes;
import io.millrace.formats.parquet.encoding.DeltaBytes;
import io.millrace.formats.parquet.encoding.DeltaFixed;
import io.millrace.formats.parquet.encoding.DeltaLengthBytes;
import io.millrace.formats.parquet.encoding.FixedDecoder;
import io.millrace.formats.parquet.encoding.FixedFromViews;
import io.millrace.formats.parquet.encoding.PlainBytes;
import io.millrace.formats.parquet.encoding.PlainFixed;
import io.millrace.formats.parquet.encoding.PlainFixedBytes;
import io.millrace.formats.parquet.encoding.RleDecoder;
import io.millrace.formats.parquet.encoding.StreamSplit;
import io.millrace.formats.parquet.encoding.ViewDecoder;
import io.millrace.formats.parquet.encoding.ViewTarget;
import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.formats.parquet.footer.PageEncoding;
import io.millrace.formats.parquet.footer.PhysicalType;
import io.millrace.formats.parquet.footer.SchemaNode;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.types.DataType;

/**
 * Reads the present values of one leaf's pages in whatever encoding they have, as values of a column or as indices into
 * the chunk's dictionary. One thread; holds the page it was given last.
 */
final class ValueReader implements AutoCloseable {
    private static final int SLICE = FixedDecoder.SLICE;

    private final SchemaNode leaf;
    private final DataType type;
    private final int outWidth;
    private final Conversion conversion;
    private final Allocator allocator;
    private final ChunkLocation where;
    private final RleDecoder rle;
    private final ViewTarget scratchTarget = new ViewTarget();
    private FixedDecoder plain;
    private DeltaFixed delta;
    private StreamSplit split;
    private FixedFromViews fromViews;
    private ViewDecoder plainBytes;
    private DeltaLengthBytes deltaLength;
    private DeltaBytes deltaBytes;
    private FixedDecoder fixed;
    private ViewDecoder views;
    private boolean booleans;
    private boolean indices;
    private boolean packedBits;
    private long bitIndex;
    private Page page;
    private Column dictionary;
    private Buffer scratch;

    ValueReader(SchemaNode leaf, DataType type, Conversion conversion, Allocator allocator, ChunkLocation where) {
        this.leaf = leaf;
        this.type = type.notNull();
        this.outWidth = type.layout().widthBytes();
        this.conversion = conversion;
        this.allocator = allocator;
        this.where = where;
        this.rle = new RleDecoder(where);
    }

    /** The chunk's dictionary, a view; null before a page that needs it. */
    Column dictionary() {
        return dictionary;
    }

    /** Whether the page's values are indices into the dictionary. */
    boolean isDictionary() {
        return indices;
    }

    /** Reads the dictionary page, a view, unless it was read before. */
    void readDictionary(Page dictionaryPage) {
        if (dictionary != null) {
            return;
        }
        if (dictionaryPage == null) {
            throw where.corrupt("a page of indices without a dictionary page");
        }
        int count = dictionaryPage.valueCount();
        int least = leaf.physical() == PhysicalType.BYTE_ARRAY ? 4 : leaf.widthBytes();
        if (least == 0 || (long) count * least > dictionaryPage.values().lengthBytes()) {
            throw where.corrupt(
                    "a dictionary of " + count + " values in " + dictionaryPage.values().lengthBytes() + " bytes");
        }
        if (dictionaryPage.encoding() != PageEncoding.PLAIN
                && dictionaryPage.encoding() != PageEncoding.PLAIN_DICTIONARY) {
            throw where.unsupported("a dictionary encoded as " + dictionaryPage.encoding());
        }
        choose(PageEncoding.PLAIN, dictionaryPage.values(), count);
        // One more than needed, zeroed: the index under a null is zero even where the dictionary is empty.
        Buffer values = allocator.allocateZeroed(MemoryTag.DICTIONARY, (long) outWidth * Math.max(1, count));
        ViewTarget target = new ViewTarget();
        try {
            decode(count, values.address(), target);
            dictionary = new Column(type, Encoding.FLAT, count, 0, values, null, target.takeAll(), null);
            values = null;
        } finally {
            if (values != null) {
                values.release();
                target.release();
            }
        }
    }

    /** Begins a data page, which it takes, whose dictionary was read if it needs one. */
    void start(Page newPage) {
        releasePage();
        page = newPage;
        indices = page.encoding().isDictionary();
        ByteSlice values = page.values();
        if (indices) {
            if (values.lengthBytes() == 0) {
                rle.start(values.address(), values.address(), 0);
            } else {
                rle.start(values.address() + 1, values.end(), Mem.getByte(values.address()) & 0xff);
            }
        } else {
            choose(page.encoding(), values, page.valueCount());
        }
    }

    private void choose(PageEncoding encoding, ByteSlice values, int valueCount) {
        fixed = null;
        views = null;
        booleans = leaf.physical() == PhysicalType.BOOLEAN;
        if (booleans) {
            startBooleans(encoding, values);
            return;
        }
        boolean bytes = leaf.physical() == PhysicalType.BYTE_ARRAY;
        if (bytes || conversion.kind() == Conversion.Kind.FIXED_TO_VIEW) {
            views = bytes ? chooseBytes(encoding) : chooseFixedBytes(encoding);
            if (valueCount > 0 && values.lengthBytes() > 0) {
                views.start(values, valueCount);
            }
        } else {
            fixed = chooseFixed(encoding);
            if (valueCount > 0 && values.lengthBytes() > 0) {
                fixed.start(values, valueCount);
            }
        }
    }

    private void startBooleans(PageEncoding encoding, ByteSlice values) {
        packedBits = encoding == PageEncoding.PLAIN;
        bitIndex = 0;
        if (encoding == PageEncoding.RLE) {
            int length = values.lengthBytes() < 4 ? 0 : Mem.getInt(values.address());
            if (length < 0 || length > values.lengthBytes() - 4) {
                length = Math.max(0, values.lengthBytes() - 4);
            }
            rle.start(values.address() + 4, values.address() + 4 + length, 1);
        } else if (!packedBits) {
            throw unsupported(encoding);
        }
    }

    private RuntimeException unsupported(PageEncoding encoding) {
        return where.unsupported("encoding " + encoding + " of " + leaf.physical());
    }

    private ViewDecoder chooseBytes(PageEncoding encoding) {
        switch (encoding) {
            case PLAIN -> {
                plainBytes = plainBytes == null ? new PlainBytes(where) : plainBytes;
                return plainBytes;
            }
            case DELTA_LENGTH_BYTE_ARRAY -> {
                deltaLength = deltaLength == null ? new DeltaLengthBytes(allocator, where) : deltaLength;
                return deltaLength;
            }
            case DELTA_BYTE_ARRAY -> {
                deltaBytes = deltaBytes == null ? new DeltaBytes(allocator, where) : deltaBytes;
                return deltaBytes;
            }
            default -> throw unsupported(encoding);
        }
    }

    private ViewDecoder chooseFixedBytes(PageEncoding encoding) {
        if (encoding == PageEncoding.PLAIN) {
            plainBytes = plainBytes == null ? new PlainFixedBytes(leaf.widthBytes(), where) : plainBytes;
            return plainBytes;
        }
        if (encoding == PageEncoding.DELTA_BYTE_ARRAY) {
            deltaBytes = deltaBytes == null ? new DeltaBytes(allocator, where) : deltaBytes;
            return deltaBytes;
        }
        return new CopiedFixedBytes(chooseFixed(encoding), leaf.widthBytes(), allocator);
    }

    private FixedDecoder chooseFixed(PageEncoding encoding) {
        boolean integer = leaf.physical() == PhysicalType.INT32 || leaf.physical() == PhysicalType.INT64;
        boolean fixedBytes = leaf.physical() == PhysicalType.FIXED_LEN_BYTE_ARRAY;
        switch (encoding) {
            case PLAIN -> {
                plain = plain == null ? new PlainFixed(leaf.widthBytes(), where) : plain;
                return plain;
            }
            case DELTA_BINARY_PACKED -> {
                if (integer) {
                    delta =
                            delta == null
                                    ? new DeltaFixed(leaf.physical() == PhysicalType.INT32, allocator, where)
                                    : delta;
                    return delta;
                }
            }
            case BYTE_STREAM_SPLIT -> {
                if (leaf.physical() != PhysicalType.INT96) {
                    split = split == null ? new StreamSplit(leaf.widthBytes(), allocator, where) : split;
                    return split;
                }
            }
            case DELTA_BYTE_ARRAY -> {
                if (fixedBytes) {
                    fromViews = fromViews == null ? new FixedFromViews(leaf.widthBytes(), allocator, where) : fromViews;
                    return fromViews;
                }
            }
            default -> {}
        }
        throw unsupported(encoding);
    }

    /** Writes the next {@code count} indices as i32, each within the dictionary. */
    void decodeIndices(int count, long to) {
        rle.decode(count, to);
        int entries = dictionary.rowCount();
        int bad = 0;
        for (int i = 0; i < count; i++) {
            int index = Mem.getInt(to + 4L * i);
            bad |= index | entries - 1 - index;
        }
        if (bad < 0 && count > 0) {
            throw where.corrupt("an index lies past the dictionary of " + entries + " values");
        }
    }

    /** Writes the next {@code count} values of a page without indices, as the column's type has them. */
    void decode(int count, long to, ViewTarget target) {
        int done = 0;
        while (done < count) {
            int n = Math.min(SLICE, count - done);
            long out = to + (long) done * outWidth;
            if (booleans) {
                decodeBooleans(n, out);
            } else if (fixed != null) {
                checkNotEmpty();
                Converter.convert(conversion, fixed.next(n), leaf.widthBytes(), n, out, where);
            } else {
                checkNotEmpty();
                decodeViews(n, out, target);
            }
            done += n;
        }
    }

    /** Passes over the next {@code count} values. */
    void skip(int count) {
        if (indices) {
            rle.skip(count);
            return;
        }
        if (booleans) {
            if (packedBits) {
                bitIndex += count;
            } else {
                rle.skip(count);
            }
            return;
        }
        for (int done = 0; done < count; done += SLICE) {
            int n = Math.min(SLICE, count - done);
            checkNotEmpty();
            if (fixed != null) {
                long ignored = fixed.next(n);
            } else {
                try {
                    views.next(n, scratch(16L * SLICE), scratchTarget);
                } finally {
                    scratchTarget.release();
                }
            }
        }
    }

    private void checkNotEmpty() {
        if (page != null && page.values().lengthBytes() == 0) {
            throw where.corrupt("expected values, found an empty page");
        }
    }

    private void decodeViews(int count, long to, ViewTarget target) {
        if (conversion.isView()) {
            views.next(count, to, target);
            return;
        }
        try {
            views.next(count, scratch(16L * SLICE), scratchTarget);
            Converter.convertViews(conversion, scratch.address(), scratchTarget.addresses(), count, to, where);
        } finally {
            scratchTarget.release();
        }
    }

    private long scratch(long bytes) {
        if (scratch == null) {
            scratch = allocator.allocate(MemoryTag.READ, bytes);
        }
        return scratch.address();
    }

    private void decodeBooleans(int count, long to) {
        if (packedBits) {
            ByteSlice values = page.values();
            if (bitIndex + count > 8L * values.lengthBytes()) {
                throw where.corrupt(
                        "expected " + count + " further booleans, found " + (8L * values.lengthBytes() - bitIndex));
            }
            long from = values.address();
            for (int i = 0; i < count; i++) {
                long bit = bitIndex + i;
                Mem.putByte(to + i, (byte) (Mem.getByte(from + (bit >>> 3)) >>> (bit & 7) & 1));
            }
            bitIndex += count;
        } else {
            long bits = scratch(4L * SLICE);
            rle.decode(count, bits);
            for (int i = 0; i < count; i++) {
                Mem.putByte(to + i, (byte) (Mem.getInt(bits + 4L * i) & 1));
            }
        }
    }

    private void releasePage() {
        if (page != null) {
            page.release();
            page = null;
        }
    }

    @Override
    public void close() {
        releasePage();
        for (AutoCloseable decoder : new AutoCloseable[] {delta, split, fromViews, deltaLength, deltaBytes}) {
            if (decoder != null) {
                closeQuietly(decoder);
            }
        }
        if (dictionary != null) {
            dictionary.release();
            dictionary = null;
        }
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
    }

    private static void closeQuietly(AutoCloseable decoder) {
        switch (decoder) {
            case DeltaFixed d -> d.close();
            case StreamSplit d -> d.close();
            case FixedFromViews d -> d.close();
            case DeltaLengthBytes d -> d.close();
            case DeltaBytes d -> d.close();
            default -> throw new IllegalStateException("unexpected " + decoder);
        }
    }
}
