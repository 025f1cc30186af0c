package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.encoding.ByteSlice;
import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.formats.parquet.footer.Codec;
import io.millrace.formats.parquet.footer.ColumnChunk;
import io.millrace.formats.parquet.footer.CompactReader;
import io.millrace.formats.parquet.footer.PageEncoding;
import io.millrace.formats.parquet.footer.SchemaNode;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import java.util.ArrayDeque;
import java.util.zip.CRC32;

/** Cuts a chunk's bytes into pages and decompresses them, one at a time. Checks every size before it allocates. */
final class PageSource implements AutoCloseable {
    private static final int MAX_PAGE_BYTES = 256 << 20;
    private static final int MAX_HEADER_BYTES = 1 << 20;

    /** Written behind decompressed bytes, so that decoders may read past the end. */
    private static final int PADDING_BYTES = ChunkBytes.PADDING_BYTES;

    private final ColumnChunk chunk;
    private final SchemaNode leaf;
    private final ChunkBytes bytes;
    private final Decompressor decompressor;
    private final Allocator allocator;
    private final ChunkLocation where;
    private final PageHeader header = new PageHeader();
    private final ArrayDeque<Pending> queue = new ArrayDeque<>();
    private final CRC32 crc = new CRC32();
    private Page dictionary;
    private boolean sawData;
    private long valuesSeen;
    private long valuesQueued;

    /** A data page whose bytes have arrived, still compressed. */
    private record Pending(
            boolean v2,
            PageEncoding encoding,
            PageEncoding definitionEncoding,
            PageEncoding repetitionEncoding,
            int valueCount,
            int rowCount,
            int repetitionBytes,
            int definitionBytes,
            int uncompressedBytes,
            boolean compressed,
            boolean hasCrc,
            int crc,
            ByteSlice body) {}

    PageSource(
            ColumnChunk chunk,
            SchemaNode leaf,
            ChunkBytes bytes,
            Decompressor decompressor,
            Allocator allocator,
            ChunkLocation where) {
        this.chunk = chunk;
        this.leaf = leaf;
        this.bytes = bytes;
        this.decompressor = decompressor;
        this.allocator = allocator;
        this.where = where;
    }

    /** Whether pages holding this many values in all have arrived, or all pages have. */
    boolean ready(long values) {
        while (valuesQueued < values) {
            if (bytes.atEnd()) {
                return true;
            }
            if (!scan()) {
                return false;
            }
        }
        return true;
    }

    /** Takes in the next page; false when its bytes have not all arrived. */
    private boolean scan() {
        int headerBytes = readHeader();
        if (headerBytes < 0) {
            return false;
        }
        int bodyBytes = header.compressedBytes;
        if (headerBytes + (long) bodyBytes > bytes.available() && bytes.isComplete()) {
            throw where.corrupt("page of " + bodyBytes + " bytes with " + (bytes.available() - headerBytes) + " left");
        }
        checkSizes();
        if (headerBytes + (long) bodyBytes > bytes.available()) {
            return false;
        }
        bytes.advance(headerBytes);
        ByteSlice body = bytes.peek(bodyBytes, allocator);
        bytes.advance(bodyBytes);
        boolean kept = false;
        try {
            switch (header.type) {
                case PageHeader.DICTIONARY_PAGE -> readDictionary(body);
                case PageHeader.DATA_PAGE, PageHeader.DATA_PAGE_V2 -> {
                    enqueue(body);
                    kept = true;
                }
                default -> {} // an index page, or one of a kind to come
            }
        } finally {
            if (!kept) {
                body.release();
            }
        }
        return true;
    }

    /** Length of the header, or -1 when its bytes have not all arrived. */
    private int readHeader() {
        int together = bytes.contiguous(MAX_HEADER_BYTES);
        if (together == 0) {
            return -1;
        }
        try {
            return readHeader(bytes.address(), together);
        } catch (CompactReader.Underflow underflow) {
            int more = (int) Math.min(MAX_HEADER_BYTES, bytes.available());
            if (more > together) {
                ByteSlice joined = bytes.peek(more, allocator);
                try {
                    return readHeader(joined.address(), more);
                } catch (CompactReader.Underflow again) {
                    together = more;
                } finally {
                    joined.release();
                }
            }
            if (bytes.isComplete() || together >= MAX_HEADER_BYTES) {
                throw where.corrupt("a page header does not end within " + together + " bytes");
            }
            return -1;
        }
    }

    private int readHeader(long address, int length) {
        CompactReader in = new CompactReader(address, length, where);
        header.read(in, where);
        return (int) (in.address() - address);
    }

    private void checkSizes() {
        if (header.compressedBytes > chunk.lengthBytes()) {
            throw where.corrupt("page of " + header.compressedBytes + " bytes in a chunk of " + chunk.lengthBytes());
        }
        if (header.uncompressedBytes > MAX_PAGE_BYTES) {
            throw where.corrupt(
                    "expected a page of at most " + MAX_PAGE_BYTES + " bytes, found " + header.uncompressedBytes);
        }
        if (header.uncompressedBytes > chunk.uncompressedBytes()) {
            throw where.corrupt(
                    "page of "
                            + header.uncompressedBytes
                            + " bytes in a chunk of "
                            + chunk.uncompressedBytes()
                            + " uncompressed");
        }
        if (chunk.codec() == Codec.UNCOMPRESSED && header.uncompressedBytes != header.compressedBytes) {
            throw where.corrupt(
                    "uncompressed page of " + header.uncompressedBytes + " bytes takes " + header.compressedBytes);
        }
    }

    private void checkCrc(ByteSlice body, boolean hasCrc, int expected) {
        if (hasCrc) {
            crc.reset();
            crc.update(Mem.ALL.asSlice(body.address(), body.lengthBytes()).asByteBuffer());
            if ((int) crc.getValue() != expected) {
                throw where.corrupt(
                        "page checksum: expected "
                                + Integer.toHexString(expected)
                                + ", found "
                                + Integer.toHexString((int) crc.getValue()));
            }
        }
    }

    private void readDictionary(ByteSlice body) {
        if (dictionary != null || sawData) {
            throw where.corrupt("a second dictionary page, or one behind data");
        }
        checkCrc(body, header.hasCrc, header.crc);
        ByteSlice values = decompress(body, 0, header.uncompressedBytes, true);
        dictionary = new Page(header.encoding, header.valueCount, -1, null, null, values);
    }

    private void enqueue(ByteSlice body) {
        sawData = true;
        valuesSeen += header.valueCount;
        if (valuesSeen > chunk.valueCount()) {
            throw where.corrupt("expected " + chunk.valueCount() + " values, found at least " + valuesSeen);
        }
        valuesQueued += header.valueCount;
        boolean v2 = header.type == PageHeader.DATA_PAGE_V2;
        long levels = (long) header.repetitionBytes + header.definitionBytes;
        if (v2 && (levels > body.lengthBytes() || levels > header.uncompressedBytes)) {
            throw where.corrupt("levels of " + levels + " bytes in a page of " + body.lengthBytes());
        }
        queue.addLast(
                new Pending(
                        v2,
                        header.encoding,
                        header.definitionEncoding,
                        header.repetitionEncoding,
                        header.valueCount,
                        v2 ? header.rowCount : -1,
                        header.repetitionBytes,
                        header.definitionBytes,
                        header.uncompressedBytes,
                        header.compressed,
                        header.hasCrc,
                        header.crc,
                        body));
    }

    /** The dictionary page, once the first data page is ready; null when there is none. A view; see {@link #close}. */
    Page dictionary() {
        return dictionary;
    }

    /** The next data page, which the caller owns; null at the end. Only when {@link #ready}. */
    Page next() {
        while (queue.isEmpty()) {
            if (bytes.atEnd()) {
                if (valuesSeen != chunk.valueCount()) {
                    throw where.corrupt("expected " + chunk.valueCount() + " values, found " + valuesSeen);
                }
                return null;
            }
            if (!scan()) {
                throw where.corrupt("the chunk ends within a page");
            }
        }
        Pending pending = queue.pollFirst();
        valuesQueued -= pending.valueCount;
        try {
            checkCrc(pending.body, pending.hasCrc, pending.crc);
            return pending.v2 ? openV2(pending) : openV1(pending);
        } finally {
            pending.body.release();
        }
    }

    /**
     * Drops the next data page without decompressing it, when it has arrived and holds at most so many values.
     *
     * @return how many it held; 0 when none was dropped
     */
    int drop(long maxValues) {
        while (queue.isEmpty()) {
            if (bytes.atEnd() || !scan()) {
                return 0;
            }
        }
        Pending next = queue.peekFirst();
        if (next.valueCount > maxValues) {
            return 0;
        }
        queue.pollFirst();
        valuesQueued -= next.valueCount;
        next.body.release();
        return next.valueCount;
    }

    private ByteSlice decompress(ByteSlice body, int from, int uncompressedBytes, boolean compressed) {
        int packed = body.lengthBytes() - from;
        if (chunk.codec() == Codec.UNCOMPRESSED || !compressed) {
            return new ByteSlice(body.holder().retain(), body.address() + from, packed);
        }
        Buffer out = allocator.allocate(MemoryTag.READ, (long) uncompressedBytes + PADDING_BYTES);
        boolean done = false;
        try {
            if (uncompressedBytes > 0) {
                decompressor.decompress(
                        chunk.codec(), body.address() + from, packed, out.address(), uncompressedBytes, where);
            }
            // Decoders read past the end in whole words: what lies there must not differ from run to run.
            Mem.fill(out.address() + uncompressedBytes, PADDING_BYTES, (byte) 0);
            done = true;
            return new ByteSlice(out, out.address(), uncompressedBytes);
        } finally {
            if (!done) {
                out.release();
            }
        }
    }

    private Page openV2(Pending p) {
        int levels = p.repetitionBytes + p.definitionBytes;
        ByteSlice values = decompress(p.body, levels, p.uncompressedBytes - levels, p.compressed);
        Buffer holder = p.body.holder();
        long at = p.body.address();
        return new Page(
                p.encoding,
                p.valueCount,
                p.rowCount,
                leaf.maxRepetition() == 0 ? null : new ByteSlice(holder.retain(), at, p.repetitionBytes),
                leaf.maxDefinition() == 0
                        ? null
                        : new ByteSlice(holder.retain(), at + p.repetitionBytes, p.definitionBytes),
                values);
    }

    private Page openV1(Pending p) {
        ByteSlice all = decompress(p.body, 0, p.uncompressedBytes, true);
        try {
            int at = 0;
            ByteSlice repetition = null;
            ByteSlice definition = null;
            if (leaf.maxRepetition() > 0) {
                repetition = levels(all, at, p.repetitionEncoding, "repetition");
                at += 4 + repetition.lengthBytes();
            }
            if (leaf.maxDefinition() > 0) {
                definition = levels(all, at, p.definitionEncoding, "definition");
                at += 4 + definition.lengthBytes();
            }
            if (repetition != null) {
                repetition.holder().retain();
            }
            if (definition != null) {
                definition.holder().retain();
            }
            all.holder().retain();
            return new Page(
                    p.encoding,
                    p.valueCount,
                    -1,
                    repetition,
                    definition,
                    new ByteSlice(all.holder(), all.address() + at, all.lengthBytes() - at));
        } finally {
            all.release();
        }
    }

    /** A view, not yet retained. */
    private ByteSlice levels(ByteSlice all, int at, PageEncoding encoding, String what) {
        if (encoding != PageEncoding.RLE) {
            throw where.unsupported(what + " levels encoded as " + encoding);
        }
        int left = all.lengthBytes() - at - 4;
        int length = left < 0 ? -1 : Mem.getInt(all.address() + at);
        if (length < 0 || length > left) {
            throw where.corrupt(what + " levels of " + length + " bytes with " + left + " left");
        }
        return new ByteSlice(all.holder(), all.address() + at + 4, length);
    }

    @Override
    public void close() {
        if (dictionary != null) {
            dictionary.release();
            dictionary = null;
        }
        for (Pending pending : queue) {
            pending.body.release();
        }
        queue.clear();
        bytes.close();
    }
}
