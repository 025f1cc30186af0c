package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.storage.ReadableFile;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Fetches ranges of one file, stripe by stripe: stripe j of n is the j-th part of every range. All of it runs on the
 * reader's worker but for the reads themselves. A stripe's buffer has two holders, the fetch and the I/O task, so that
 * either may end first.
 */
final class StripeFetch implements AutoCloseable {
    /** Readable bytes that follow what arrives, whatever they hold. */
    static final int PADDING_BYTES = 64;

    private final Storage storage;
    private final StoredFile file;
    private final List<Range> ranges;
    private final Arrivals arrivals;
    private final int stripes;
    private final Allocator allocator;
    private final IoThreads io;
    private final ArrayDeque<Stripe> underWay = new ArrayDeque<>();
    private int submitted;

    /** A run of bytes of the file. */
    record Range(long offset, long lengthBytes) {}

    /** Where the bytes go. */
    interface Arrivals {
        /** The next bytes of a range, at an offset of a buffer of which one hold is given. */
        void arrived(int range, Buffer holder, int offset, int lengthBytes);

        /** Bytes that arrived and were not yet read. */
        long unreadBytes();
    }

    /** How far a stripe's I/O task has come; decides who gives its hold of the buffer back. */
    private enum Phase {
        WAITING,
        /** The task runs, and releases. */
        RUNNING,
        /** The fetch was closed before the task began: the fetch released for it. */
        ABANDONED
    }

    /** A part of a range: where in the file, and where in the stripe's buffer. */
    private record Piece(int range, long fileOffset, int lengthBytes, int bufferOffset) {}

    private static final class Stripe {
        final Buffer buffer;
        final List<Piece> pieces;
        final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
        IoTask<Void> task;

        Stripe(Buffer buffer, List<Piece> pieces) {
            this.buffer = buffer;
            this.pieces = pieces;
        }
    }

    StripeFetch(
            Storage storage,
            StoredFile file,
            List<Range> ranges,
            Arrivals arrivals,
            int stripeBytes,
            Allocator allocator,
            IoThreads io) {
        this.storage = storage;
        this.file = file;
        this.ranges = ranges;
        this.arrivals = arrivals;
        this.allocator = allocator;
        this.io = io;
        long total = 0;
        for (Range range : ranges) {
            total += range.lengthBytes;
        }
        this.stripes = Math.toIntExact((total + stripeBytes - 1) / stripeBytes);
    }

    /** The file, for people. */
    String origin() {
        return file.location();
    }

    boolean isAllSubmitted() {
        return submitted == stripes;
    }

    boolean isUnderWay() {
        return !underWay.isEmpty();
    }

    /** Bytes of the stripe that {@link #submitNext} would fetch. */
    long nextBytes() {
        long sum = 0;
        for (Range range : ranges) {
            sum += bound(range, submitted + 1) - bound(range, submitted);
        }
        return sum;
    }

    private long bound(Range range, int stripe) {
        // Without overflow for ranges of any size.
        long whole = range.lengthBytes / stripes;
        long rest = range.lengthBytes % stripes;
        return whole * stripe + rest * stripe / stripes;
    }

    /** Bytes under way, or arrived and not yet read. */
    long heldBytes() {
        long held = arrivals.unreadBytes();
        for (Stripe stripe : underWay) {
            held += stripe.buffer.capacityBytes();
        }
        return held;
    }

    /** Begins to fetch the next stripe. */
    void submitNext() {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            long from = bound(range, submitted);
            pieces.add(new Piece(i, range.offset + from, (int) (bound(range, submitted + 1) - from), 0));
        }
        // In the order of the file, so that neighbours are read at once.
        pieces.sort(Comparator.comparingLong(Piece::fileOffset));
        int used = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Piece p = pieces.get(i);
            pieces.set(i, new Piece(p.range, p.fileOffset, p.lengthBytes, used));
            used += p.lengthBytes;
        }
        Stripe stripe = new Stripe(allocator.allocate(MemoryTag.READ, (long) used + PADDING_BYTES), pieces);
        stripe.buffer.retain();
        underWay.addLast(stripe);
        submitted++;
        stripe.task = io.submit("reading " + file.location(), () -> read(stripe));
    }

    private Void read(Stripe stripe) {
        if (!stripe.phase.compareAndSet(Phase.WAITING, Phase.RUNNING)) {
            return null;
        }
        try (ReadableFile open = storage.open(file.location())) {
            checkSame();
            List<Piece> pieces = stripe.pieces;
            long address = stripe.buffer.address();
            for (int i = 0; i < pieces.size(); ) {
                Piece first = pieces.get(i);
                int length = first.lengthBytes;
                i++;
                while (i < pieces.size() && pieces.get(i).fileOffset == first.fileOffset + length) {
                    length += pieces.get(i).lengthBytes;
                    i++;
                }
                open.read(first.fileOffset, address + first.bufferOffset, length);
            }
            checkSame();
            return null;
        } finally {
            stripe.buffer.release();
        }
    }

    private void checkSame() {
        StoredFile now = storage.look(file.location());
        if (!now.equals(file)) {
            throw new MillraceException(
                    ErrorCode.FILE_CHANGED,
                    "file "
                            + file.location()
                            + " changed while it was being read: lengthBytes="
                            + file.lengthBytes()
                            + "->"
                            + now.lengthBytes()
                            + " modifiedMillis="
                            + file.modifiedMillis()
                            + "->"
                            + now.modifiedMillis());
        }
    }

    /** Hands over what has arrived, in order; fails when a read did. Returns the bytes handed over. */
    long collect() {
        long arrived = 0;
        while (!underWay.isEmpty() && underWay.peekFirst().task.isDone()) {
            Stripe stripe = underWay.pollFirst();
            try {
                stripe.task.result();
                for (Piece piece : stripe.pieces) {
                    if (piece.lengthBytes > 0) {
                        arrivals.arrived(piece.range, stripe.buffer.retain(), piece.bufferOffset, piece.lengthBytes);
                        arrived += piece.lengthBytes;
                    }
                }
            } finally {
                stripe.buffer.release();
            }
        }
        return arrived;
    }

    @Override
    public void close() {
        for (Stripe stripe : underWay) {
            if (stripe.phase.compareAndSet(Phase.WAITING, Phase.ABANDONED)) {
                stripe.buffer.release();
            }
            stripe.buffer.release();
        }
        underWay.clear();
    }
}
