package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.encoding.ByteSlice;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import java.util.ArrayDeque;

/**
 * The bytes of one column chunk as they arrive from storage, in order, in one or several pieces. Pieces are let go of
 * as they are read. One thread at a time.
 */
public final class ChunkBytes implements AutoCloseable {
    /** Readable bytes, whatever they hold, that must follow each piece in its buffer. */
    public static final int PADDING_BYTES = ByteSlice.PADDING_BYTES;

    private final long lengthBytes;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private long arrivedBytes;
    private long position;

    private record Piece(Buffer holder, long start, long address, int lengthBytes) {}

    /** Expects this many bytes in all: {@link io.millrace.formats.parquet.footer.ColumnChunk#lengthBytes()}. */
    public ChunkBytes(long lengthBytes) {
        this.lengthBytes = lengthBytes;
    }

    /** Takes one hold of a buffer whose bytes from {@code offset} on are the next of the chunk. */
    public void append(Buffer holder, int offset, int pieceBytes) {
        if (pieceBytes < 0
                || offset < 0
                || offset + (long) pieceBytes + PADDING_BYTES > holder.capacityBytes()
                || arrivedBytes + pieceBytes > lengthBytes) {
            throw new IllegalArgumentException(
                    "a piece of "
                            + pieceBytes
                            + " bytes at "
                            + offset
                            + " in a buffer of "
                            + holder.capacityBytes()
                            + ", after "
                            + arrivedBytes
                            + " of "
                            + lengthBytes);
        }
        pieces.addLast(new Piece(holder, arrivedBytes, holder.address() + offset, pieceBytes));
        arrivedBytes += pieceBytes;
    }

    public long lengthBytes() {
        return lengthBytes;
    }

    /** Bytes appended so far. */
    public long arrivedBytes() {
        return arrivedBytes;
    }

    /** Bytes appended and not yet let go of; what read-ahead is measured by. */
    public long heldBytes() {
        return pieces.isEmpty() ? 0 : arrivedBytes - pieces.peekFirst().start;
    }

    public boolean isComplete() {
        return arrivedBytes == lengthBytes;
    }

    /** Bytes arrived and not yet read. */
    long available() {
        return arrivedBytes - position;
    }

    boolean atEnd() {
        return position == lengthBytes;
    }

    /** The next bytes that lie together; at most {@code maxBytes}, perhaps fewer. A view for the moment. */
    int contiguous(int maxBytes) {
        dropRead();
        if (pieces.isEmpty()) {
            return 0;
        }
        Piece first = pieces.peekFirst();
        return (int) Math.min(maxBytes, first.start + first.lengthBytes - position);
    }

    long address() {
        Piece first = pieces.peekFirst();
        return first.address + (position - first.start);
    }

    /** The next bytes, all arrived, without moving on; copied together when they lie in several pieces. */
    ByteSlice peek(int bytes, Allocator allocator) {
        assert bytes <= available() : bytes + " of " + available();
        if (contiguous(bytes) >= bytes && bytes > 0) {
            return new ByteSlice(pieces.peekFirst().holder.retain(), address(), bytes);
        }
        Buffer joined = allocator.allocate(MemoryTag.READ, (long) bytes + PADDING_BYTES);
        long to = joined.address();
        long from = position;
        int left = bytes;
        for (Piece piece : pieces) {
            if (left == 0) {
                break;
            }
            int here = (int) Math.min(left, piece.start + piece.lengthBytes - from);
            Mem.copy(piece.address + (from - piece.start), to, here);
            to += here;
            from += here;
            left -= here;
        }
        return new ByteSlice(joined, joined.address(), bytes);
    }

    /** Moves on. */
    void advance(long bytes) {
        position += bytes;
        dropRead();
    }

    private void dropRead() {
        while (!pieces.isEmpty() && pieces.peekFirst().start + pieces.peekFirst().lengthBytes <= position) {
            pieces.pollFirst().holder.release();
        }
    }

    @Override
    public void close() {
        for (Piece piece : pieces) {
            piece.holder.release();
        }
        pieces.clear();
    }
}
