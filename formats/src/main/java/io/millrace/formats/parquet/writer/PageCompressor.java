package io.millrace.formats.parquet.writer;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.millrace.formats.parquet.footer.Codec;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Compresses pages without Hadoop's codecs. One thread. The result is valid until the next call. */
final class PageCompressor implements BytesInputCompressor {
    private final Codec codec;
    private final int level;
    private final ZstdCompressCtx zstd;
    private final LZ4Compressor lz4;
    private byte[] plain = new byte[0];
    private byte[] packed = new byte[0];

    PageCompressor(Codec codec, int level) {
        this.codec = codec;
        this.level = level;
        switch (codec) {
            case UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4_RAW -> {}
            default ->
                    throw new MillraceException(
                            ErrorCode.UNSUPPORTED, "Parquet files cannot be written with codec " + codec);
        }
        this.zstd = codec == Codec.ZSTD ? new ZstdCompressCtx().setLevel(level == 0 ? 3 : level) : null;
        this.lz4 = codec == Codec.LZ4_RAW ? LZ4Factory.fastestInstance().fastCompressor() : null;
    }

    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
        if (codec == Codec.UNCOMPRESSED) {
            return bytes;
        }
        int length = Math.toIntExact(bytes.size());
        if (plain.length < length) {
            plain = new byte[Math.max(length, plain.length * 2)];
        }
        bytes.writeAllTo(new Into(plain));
        return switch (codec) {
            case ZSTD -> {
                room((int) Zstd.compressBound(length));
                yield BytesInput.from(packed, 0, zstd.compressByteArray(packed, 0, packed.length, plain, 0, length));
            }
            case SNAPPY -> {
                room(Snappy.maxCompressedLength(length));
                yield BytesInput.from(packed, 0, Snappy.compress(plain, 0, length, packed, 0));
            }
            case LZ4_RAW -> {
                room(lz4.maxCompressedLength(length));
                yield BytesInput.from(packed, 0, lz4.compress(plain, 0, length, packed, 0, packed.length));
            }
            default -> gzip(length);
        };
    }

    /** A stream into an array that is large enough. */
    private static final class Into extends OutputStream {
        private final byte[] to;
        private int at;

        Into(byte[] to) {
            this.to = to;
        }

        @Override
        public void write(int b) {
            to[at++] = (byte) b;
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            System.arraycopy(from, offset, to, at, length);
            at += length;
        }
    }

    private void room(int bytes) {
        if (packed.length < bytes) {
            packed = new byte[bytes];
        }
    }

    private BytesInput gzip(int length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(length / 2 + 64);
        int gzipLevel = level;
        try (GZIPOutputStream gzip =
                new GZIPOutputStream(out) {
                    {
                        if (gzipLevel != 0) {
                            def.setLevel(gzipLevel);
                        }
                    }
                }) {
            gzip.write(plain, 0, length);
        }
        return BytesInput.from(out.toByteArray());
    }

    @Override
    public CompressionCodecName getCodecName() {
        return CompressionCodecName.valueOf(codec.name());
    }

    @Override
    public void release() {
        if (zstd != null) {
            zstd.close();
        }
    }
}
