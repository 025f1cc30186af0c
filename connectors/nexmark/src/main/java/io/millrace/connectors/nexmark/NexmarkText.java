package io.millrace.connectors.nexmark;

import static io.millrace.connectors.nexmark.NexmarkRandom.below;
import static io.millrace.connectors.nexmark.NexmarkRandom.high;
import static io.millrace.connectors.nexmark.NexmarkRandom.low;
import static io.millrace.connectors.nexmark.NexmarkRandom.random;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import java.nio.charset.StandardCharsets;

/**
 * The texts that bids are made of, off-heap and read-only once made. Any thread.
 *
 * <pre>
 *   letters   2^20 bytes a–z, then 64 readable ones
 *   channel   16 bytes each: the view of channel k's name, which is always inline
 *   url       88 bytes each: i64 length, then the bytes, zero padded
 * </pre>
 */
final class NexmarkText implements AutoCloseable {
    static final int CHANNELS = 10_000;
    static final int HOT_CHANNELS = 4;
    static final int URL_STRIDE_BYTES = 88;

    /** No URL is longer. */
    static final int MAX_URL_BYTES = 80;

    static final int LETTERS = 1 << 20;
    private static final int SLACK_BYTES = 64;
    private static final byte[] PREFIX = ascii("https://www.nexmark.com/");
    private static final byte[] SUFFIX = ascii("item.htm?query=1");
    private static final byte[] CHANNEL_ID = ascii("&channel_id=");

    private final Buffer buffer;
    private final long lettersAddress;
    private final long channelsAddress;
    private final long urlsAddress;

    NexmarkText(Allocator allocator, long seed) {
        int all = CHANNELS + HOT_CHANNELS;
        int channelsAt = LETTERS + SLACK_BYTES;
        int urlsAt = channelsAt + 16 * all;
        buffer = allocator.allocateZeroed(MemoryTag.DICTIONARY, urlsAt + (long) URL_STRIDE_BYTES * all + SLACK_BYTES);
        lettersAddress = buffer.address();
        channelsAddress = lettersAddress + channelsAt;
        urlsAddress = lettersAddress + urlsAt;
        writeLetters(seed);
        for (int k = 0; k < all; k++) {
            writeChannel(k);
            writeUrl(seed, k);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void writeLetters(long seed) {
        long at = lettersAddress;
        for (int i = 0; i < LETTERS; i++) {
            Mem.putByte(at + i, (byte) ('a' + below(low(random(seed, -100_000 - i, 0)), 26)));
        }
    }

    private void writeChannel(int k) {
        byte[] name =
                ascii(
                        switch (k - CHANNELS) {
                            case 0 -> "Google";
                            case 1 -> "Facebook";
                            case 2 -> "Baidu";
                            case 3 -> "Apple";
                            default -> "channel-" + k;
                        });
        long view = channelsAddress + 16L * k;
        Mem.putInt(view, name.length);
        Mem.copyIn(name, 0, view + 4, name.length);
    }

    private void writeUrl(long seed, int k) {
        long start = urlsAddress + (long) URL_STRIDE_BYTES * k + 8;
        long at = put(start, PREFIX);
        for (int part = 0; part < 15; part += 5) {
            long end = at + 3 + below(low(random(seed, -1 - k, part + 4)), 2);
            for (int field = part; at < end; field++) {
                long r = random(seed, -1 - k, field);
                Mem.putByte(at++, (byte) (below(low(r), 13) == 0 ? '_' : 'a' + below(high(r), 26)));
            }
            Mem.putByte(at++, (byte) '/');
        }
        at = put(at, SUFFIX);
        if (k < CHANNELS && below(low(random(seed, -1 - k, 15)), 10) > 0) {
            at = put(at, CHANNEL_ID);
            at = put(at, ascii(Long.toString(Math.abs((long) Integer.reverse(k)))));
        }
        Mem.putLong(start - 8, at - start);
    }

    private static long put(long at, byte[] bytes) {
        Mem.copyIn(bytes, 0, at, bytes.length);
        return at + bytes.length;
    }

    long lettersAddress() {
        return lettersAddress;
    }

    long channelsAddress() {
        return channelsAddress;
    }

    long urlsAddress() {
        return urlsAddress;
    }

    @Override
    public void close() {
        buffer.release();
    }
}
