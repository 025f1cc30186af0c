package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.ColumnOrder;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.filesystem.StripeFetch.Range;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A file of records on its way in: cuts what has arrived into lines and decodes them. */
final class TextStream implements PartStream, StripeFetch.Arrivals {
    private static final int MAX_RECORD_BYTES = 64 << 20;
    private static final int FIRST_ROWS = 64;

    private final TextPart part;
    private final Allocator allocator;
    private final StripeFetch fetch;
    private final RecordDecoder decoder;
    private final ColumnOrder order;
    private final BatchBuilder rows;
    private final boolean quotesLineEnds;
    private final boolean skipsEmptyLines;
    private boolean headerDue;
    private boolean started;
    private long arrivedBytes;

    /** What has arrived and was not decoded: from {@code at} to {@code end}, by address. */
    private Buffer text;

    private long at;
    private long end;

    /** How far the line that begins at {@code at} was looked through, and whether that is within quotes. */
    private long looked;

    private boolean withinQuotes;
    private long rowsRead;
    private long linesTaken;

    TextStream(Storage storage, TextPart part, int stripeBytes, Allocator allocator, IoThreads io) {
        this.part = part;
        this.allocator = allocator;
        this.fetch =
                new StripeFetch(
                        storage,
                        part.file(),
                        List.of(new Range(0, part.file().lengthBytes())),
                        this,
                        stripeBytes,
                        allocator,
                        io);
        this.order =
                ColumnOrder.of(
                        part.projected().fields().stream()
                                .mapToInt(field -> part.all().indexOf(field.name()))
                                .toArray());
        Schema decoded = part.all().project(order.decoded());
        int[] columns = IntStream.range(0, decoded.size()).toArray();
        this.decoder =
                part.format()
                        .records()
                        .decoder(
                                new FormatRequest(
                                        decoded, columns, part.format().options(), part.zone(), allocator, part.all()));
        this.rows = new BatchBuilder(allocator, decoded, FIRST_ROWS);
        this.quotesLineEnds = part.format().records().quotesLineEnds();
        this.skipsEmptyLines = !quotesLineEnds || part.all().size() > 1;
        this.headerDue = part.format().records().hasHeader(part.format().options());
    }

    @Override
    public StripeFetch fetch() {
        return fetch;
    }

    @Override
    public long unreadBytes() {
        return end - at;
    }

    @Override
    public void arrived(int range, Buffer holder, int offset, int lengthBytes) {
        arrivedBytes += lengthBytes;
        long left = end - at;
        long lookedBytes = looked - at;
        if (left == 0) {
            releaseText();
            text = holder;
            at = holder.address() + offset;
        } else {
            if (left > MAX_RECORD_BYTES) {
                holder.release();
                throw new MillraceException(
                        ErrorCode.CORRUPT_DATA,
                        part + ": expected records of at most " + MAX_RECORD_BYTES + " bytes, found one longer");
            }
            Buffer joined;
            try {
                joined = allocator.allocate(MemoryTag.READ, left + lengthBytes + StripeFetch.PADDING_BYTES);
                Mem.copy(at, joined.address(), left);
                Mem.copy(holder.address() + offset, joined.address() + left, lengthBytes);
            } finally {
                holder.release();
            }
            releaseText();
            text = joined;
            at = joined.address();
        }
        end = at + left + lengthBytes;
        looked = at + lookedBytes;
        if (!started) {
            started = true;
            skipByteOrderMark();
        }
    }

    private void skipByteOrderMark() {
        if (end - at >= 3 && (Mem.getInt(at) & 0xffffff) == 0xbfbbef) {
            at += 3;
            looked = at;
        }
    }

    private void releaseText() {
        if (text != null) {
            text.release();
            text = null;
        }
    }

    private boolean isAllHere() {
        return arrivedBytes == part.file().lengthBytes();
    }

    /** Looks for the end of the line that begins at {@code at}; 0 when it has not arrived. */
    private long lineEnd() {
        long p = looked;
        boolean quotes = withinQuotes;
        long stop = end;
        if (quotesLineEnds) {
            for (; p < stop; p++) {
                byte b = Mem.getByte(p);
                if (b == '"') {
                    quotes = !quotes;
                } else if (b == '\n' && !quotes) {
                    break;
                }
            }
        } else {
            while (p < stop && Mem.getByte(p) != '\n') {
                p++;
            }
        }
        looked = p;
        withinQuotes = quotes;
        if (p < stop) {
            return p;
        }
        return isAllHere() && at < end ? end : 0;
    }

    @Override
    public boolean ready(int batchRows) {
        return lineEnd() != 0 || isAllHere();
    }

    @Override
    public Batch read(int batchRows, Consumer<BadRecord> bad) {
        int seen = 0;
        while (seen < batchRows) {
            long lineEnd = lineEnd();
            if (lineEnd == 0) {
                break;
            }
            long start = at;
            at = Math.min(end, lineEnd + 1);
            looked = at;
            withinQuotes = false;
            int length = (int) (lineEnd - start);
            if (headerDue) {
                headerDue = false;
                takeHeader(start, length);
            } else if (!skipsEmptyLines || !isEmpty(start, length)) {
                decode(start, length, bad);
                seen++;
            }
        }
        linesTaken += seen;
        Batch batch = order.arrange(rows.build(), part.projected());
        rowsRead += batch.rowCount();
        return batch;
    }

    private static boolean isEmpty(long start, int length) {
        return length == 0 || length == 1 && Mem.getByte(start) == '\r';
    }

    private void takeHeader(long start, int length) {
        String reason = decoder.header(start, length);
        if (reason != null) {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, part + ": " + reason)
                    .withHelp("Name the table's columns as the header does, or say 'csv.header' = 'false'.");
        }
    }

    private void decode(long start, int length, Consumer<BadRecord> bad) {
        String reason = decoder.decode(start, length, rows);
        if (reason == null) {
            if (part.projected().size() == 0) {
                rows.addEmptyRow();
            }
            return;
        }
        byte[] raw = new byte[Math.min(length, BadRecord.MAX_RAW_BYTES)];
        Mem.copyOut(start, raw, 0, raw.length);
        long position = arrivedBytes - (end - start);
        bad.accept(new BadRecord(part.file().location(), position, reason, raw));
    }

    @Override
    public long position() {
        return linesTaken;
    }

    @Override
    public long rowsRead() {
        return rowsRead;
    }

    @Override
    public boolean isFinished() {
        return isAllHere() && at == end;
    }

    @Override
    public void close() {
        fetch.close();
        releaseText();
        rows.close();
        decoder.close();
    }
}
