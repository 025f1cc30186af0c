package io.millrace.formats.parquet.writer;

import io.millrace.formats.parquet.footer.Codec;
import java.util.Set;

/**
 * How a Parquet file is written.
 *
 * @param codec UNCOMPRESSED, SNAPPY, GZIP, ZSTD or LZ4_RAW
 * @param codecLevel of ZSTD and GZIP; 0 for the codec's own default
 * @param rowGroupRows rows after which a row group ends
 * @param rowGroupBytes encoded bytes in memory after which it ends sooner
 * @param pageBytes encoded bytes after which a page ends
 * @param pageRows rows after which a page ends
 * @param dictionary whether dictionaries are tried
 * @param plainColumns columns for which none is tried
 * @param version2 whether data pages and encodings are those of version 2
 */
public record ParquetWriteOptions(
        Codec codec,
        int codecLevel,
        long rowGroupRows,
        long rowGroupBytes,
        int pageBytes,
        int pageRows,
        boolean dictionary,
        Set<String> plainColumns,
        boolean version2) {
    /** ZSTD, row groups of a million rows or 256 MiB, pages of 20,000 rows or 1 MiB. */
    public static final ParquetWriteOptions DEFAULT =
            new ParquetWriteOptions(Codec.ZSTD, 0, 1_000_000, 256L << 20, 1 << 20, 20_000, true, Set.of(), false);

    public ParquetWriteOptions {
        plainColumns = Set.copyOf(plainColumns);
        if (rowGroupRows < 1 || rowGroupBytes < 1 || pageBytes < 1 || pageRows < 1) {
            throw new IllegalArgumentException(
                    "expected sizes above 0, found rowGroupRows="
                            + rowGroupRows
                            + " rowGroupBytes="
                            + rowGroupBytes
                            + " pageBytes="
                            + pageBytes
                            + " pageRows="
                            + pageRows);
        }
    }

    public ParquetWriteOptions withCodec(Codec newCodec) {
        return new ParquetWriteOptions(
                newCodec,
                codecLevel,
                rowGroupRows,
                rowGroupBytes,
                pageBytes,
                pageRows,
                dictionary,
                plainColumns,
                version2);
    }

    public ParquetWriteOptions withRowGroupRows(long newRowGroupRows) {
        return new ParquetWriteOptions(
                codec,
                codecLevel,
                newRowGroupRows,
                rowGroupBytes,
                pageBytes,
                pageRows,
                dictionary,
                plainColumns,
                version2);
    }

    public ParquetWriteOptions withRowGroupBytes(long newRowGroupBytes) {
        return new ParquetWriteOptions(
                codec,
                codecLevel,
                rowGroupRows,
                newRowGroupBytes,
                pageBytes,
                pageRows,
                dictionary,
                plainColumns,
                version2);
    }

    public ParquetWriteOptions withPages(int newPageBytes, int newPageRows) {
        return new ParquetWriteOptions(
                codec,
                codecLevel,
                rowGroupRows,
                rowGroupBytes,
                newPageBytes,
                newPageRows,
                dictionary,
                plainColumns,
                version2);
    }

    public ParquetWriteOptions withDictionary(boolean newDictionary) {
        return new ParquetWriteOptions(
                codec,
                codecLevel,
                rowGroupRows,
                rowGroupBytes,
                pageBytes,
                pageRows,
                newDictionary,
                plainColumns,
                version2);
    }

    /** Columns of values that hardly repeat; saves the attempt. */
    public ParquetWriteOptions withPlainColumns(Set<String> newPlainColumns) {
        return new ParquetWriteOptions(
                codec,
                codecLevel,
                rowGroupRows,
                rowGroupBytes,
                pageBytes,
                pageRows,
                dictionary,
                newPlainColumns,
                version2);
    }

    public ParquetWriteOptions withVersion2(boolean newVersion2) {
        return new ParquetWriteOptions(
                codec,
                codecLevel,
                rowGroupRows,
                rowGroupBytes,
                pageBytes,
                pageRows,
                dictionary,
                plainColumns,
                newVersion2);
    }
}
