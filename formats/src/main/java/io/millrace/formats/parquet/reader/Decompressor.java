package io.millrace.formats.parquet.reader;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.formats.parquet.footer.Codec;
import io.millrace.memory.buffer.Mem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.xerial.snappy.Snappy;

/** Decompresses pages between off-heap addresses. Nothing is written past the space that is given. One thread. */
final class Decompressor implements AutoCloseable {
    private static final int GZIP_HEADER_BYTES = 10;
    private static final int GZIP_TRAILER_BYTES = 8;

    private ZstdDecompressCtx zstd;
    private LZ4SafeDecompressor lz4;

    /** Decompresses; the result must be exactly {@code toBytes} long. */
    void decompress(Codec codec, long from, int fromBytes, long to, int toBytes, ChunkLocation where) {
        int written;
        try {
            written =
                    switch (codec) {
                        case ZSTD -> zstd(from, fromBytes, to, toBytes);
                        case SNAPPY -> snappy(from, fromBytes, to, toBytes, where);
                        case LZ4_RAW -> lz4(from, fromBytes, to, toBytes);
                        case LZ4 -> lz4Framed(from, fromBytes, to, toBytes);
                        case GZIP -> gzip(from, fromBytes, to, toBytes, where);
                        default -> throw where.unsupported("codec " + codec);
                    };
        } catch (ZstdException | LZ4Exception | IOException | DataFormatException | IndexOutOfBoundsException failure) {
            throw where.corrupt(
                    "a " + codec + " page of " + fromBytes + " bytes does not decompress to " + toBytes, failure);
        }
        if (written != toBytes) {
            throw where.corrupt("expected a page of " + toBytes + " bytes, found " + written);
        }
    }

    private static ByteBuffer view(long address, int bytes) {
        return Mem.ALL.asSlice(address, bytes).asByteBuffer();
    }

    private int zstd(long from, int fromBytes, long to, int toBytes) {
        if (zstd == null) {
            zstd = new ZstdDecompressCtx();
        }
        return zstd.decompressDirectByteBuffer(view(to, toBytes), 0, toBytes, view(from, fromBytes), 0, fromBytes);
    }

    private static int snappy(long from, int fromBytes, long to, int toBytes, ChunkLocation where) throws IOException {
        // The native call trusts the length that the bytes begin with.
        long states = Snappy.uncompressedLength(from, fromBytes);
        if (states != toBytes) {
            throw where.corrupt("expected a page of " + toBytes + " bytes, its SNAPPY header says " + states);
        }
        return (int) Snappy.rawUncompress(from, fromBytes, to);
    }

    private int lz4(long from, int fromBytes, long to, int toBytes) {
        if (lz4 == null) {
            lz4 = LZ4Factory.fastestInstance().safeDecompressor();
        }
        return lz4.decompress(view(from, fromBytes), 0, fromBytes, view(to, toBytes), 0, toBytes);
    }

    /** Hadoop's framing: big-endian decompressed and compressed length before each block. Some writers leave it out. */
    private int lz4Framed(long from, int fromBytes, long to, int toBytes) {
        int at = 0;
        int written = 0;
        while (fromBytes - at >= 8) {
            int blockBytes = Integer.reverseBytes(Mem.getInt(from + at));
            int packedBytes = Integer.reverseBytes(Mem.getInt(from + at + 4));
            if (blockBytes < 0
                    || packedBytes < 0
                    || packedBytes > fromBytes - at - 8
                    || blockBytes > toBytes - written) {
                return lz4(from, fromBytes, to, toBytes);
            }
            if (lz4(from + at + 8, packedBytes, to + written, blockBytes) != blockBytes) {
                throw new LZ4Exception("a block is shorter than its header says");
            }
            at += 8 + packedBytes;
            written += blockBytes;
        }
        return written;
    }

    private static int gzip(long from, int fromBytes, long to, int toBytes, ChunkLocation where)
            throws DataFormatException {
        int at = 0;
        int written = 0;
        Inflater inflater = new Inflater(true);
        try {
            while (at < fromBytes) {
                at += gzipHeaderBytes(from + at, fromBytes - at, where);
                inflater.reset();
                inflater.setInput(view(from + at, fromBytes - at));
                ByteBuffer out = view(to + written, toBytes - written);
                while (!inflater.finished()) {
                    int step = inflater.inflate(out);
                    if (step == 0 && !inflater.finished()) {
                        if (inflater.needsInput() || inflater.needsDictionary() || out.hasRemaining()) {
                            throw new DataFormatException("the deflated bytes end too early");
                        }
                        byte[] more = new byte[1];
                        if (inflater.inflate(more) != 0) {
                            throw new DataFormatException("more than " + toBytes + " bytes");
                        }
                        if (!inflater.finished()) {
                            throw new DataFormatException("the deflated bytes do not end");
                        }
                    }
                }
                written += out.position();
                at += (int) inflater.getBytesRead() + GZIP_TRAILER_BYTES;
            }
        } finally {
            inflater.end();
        }
        return written;
    }

    private static int gzipHeaderBytes(long from, int bytes, ChunkLocation where) {
        if (bytes < GZIP_HEADER_BYTES || (Mem.getShort(from) & 0xffff) != 0x8b1f || Mem.getByte(from + 2) != 8) {
            throw where.corrupt("expected a gzip header");
        }
        int flags = Mem.getByte(from + 3);
        int at = GZIP_HEADER_BYTES;
        if ((flags & 4) != 0) {
            at += bytes - at < 2 ? bytes : 2 + (Mem.getShort(from + at) & 0xffff);
        }
        for (int flag = 8; flag <= 16; flag <<= 1) {
            if ((flags & flag) != 0) {
                while (at < bytes && Mem.getByte(from + at) != 0) {
                    at++;
                }
                at++;
            }
        }
        at += (flags & 2) != 0 ? 2 : 0;
        if (at >= bytes) {
            throw where.corrupt("the gzip header ends too early");
        }
        return at;
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
    }
}
