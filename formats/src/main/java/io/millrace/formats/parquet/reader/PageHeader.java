package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.formats.parquet.footer.CompactReader;
import io.millrace.formats.parquet.footer.PageEncoding;

/**
 * The header of one page, sizes as the file states them, not yet checked. Mutable: one a chunk, read again and again.
 */
final class PageHeader {
    static final int DATA_PAGE = 0;
    static final int DICTIONARY_PAGE = 2;
    static final int DATA_PAGE_V2 = 3;

    int type;
    int uncompressedBytes;
    int compressedBytes;
    int crc;
    boolean hasCrc;
    int valueCount;
    PageEncoding encoding;
    PageEncoding definitionEncoding;
    PageEncoding repetitionEncoding;
    int rowCount;
    int definitionBytes;
    int repetitionBytes;
    boolean compressed;

    private void clear() {
        type = -1;
        uncompressedBytes = -1;
        compressedBytes = -1;
        hasCrc = false;
        valueCount = -1;
        encoding = null;
        definitionEncoding = PageEncoding.RLE;
        repetitionEncoding = PageEncoding.RLE;
        rowCount = -1;
        definitionBytes = 0;
        repetitionBytes = 0;
        compressed = true;
    }

    void read(CompactReader in, ChunkLocation where) {
        clear();
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> type = in.readI32();
                case 2 -> uncompressedBytes = in.readI32();
                case 3 -> compressedBytes = in.readI32();
                case 4 -> {
                    crc = in.readI32();
                    hasCrc = true;
                }
                case 5 -> readV1(in, where);
                case 7 -> readDictionary(in, where);
                case 8 -> readV2(in, where);
                default -> in.skip();
            }
        }
        if (type < 0 || uncompressedBytes < 0 || compressedBytes < 0) {
            throw where.corrupt(
                    "page header with type="
                            + type
                            + " uncompressedBytes="
                            + uncompressedBytes
                            + " compressedBytes="
                            + compressedBytes);
        }
        boolean data = type == DATA_PAGE || type == DATA_PAGE_V2;
        if ((data || type == DICTIONARY_PAGE) && (valueCount < 0 || encoding == null)) {
            throw where.corrupt("page header of type " + type + " with values=" + valueCount + " encoding=" + encoding);
        }
        if (type == DATA_PAGE_V2 && (rowCount < 0 || definitionBytes < 0 || repetitionBytes < 0)) {
            throw where.corrupt(
                    "page header with rows="
                            + rowCount
                            + " definitionBytes="
                            + definitionBytes
                            + " repetitionBytes="
                            + repetitionBytes);
        }
    }

    private void readV1(CompactReader in, ChunkLocation where) {
        in.beginStruct();
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> valueCount = in.readI32();
                case 2 -> encoding = PageEncoding.of(in.readI32(), where);
                case 3 -> definitionEncoding = PageEncoding.of(in.readI32(), where);
                case 4 -> repetitionEncoding = PageEncoding.of(in.readI32(), where);
                default -> in.skip();
            }
        }
    }

    private void readDictionary(CompactReader in, ChunkLocation where) {
        in.beginStruct();
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> valueCount = in.readI32();
                case 2 -> encoding = PageEncoding.of(in.readI32(), where);
                default -> in.skip();
            }
        }
    }

    private void readV2(CompactReader in, ChunkLocation where) {
        in.beginStruct();
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> valueCount = in.readI32();
                case 3 -> rowCount = in.readI32();
                case 4 -> encoding = PageEncoding.of(in.readI32(), where);
                case 5 -> definitionBytes = in.readI32();
                case 6 -> repetitionBytes = in.readI32();
                case 7 -> compressed = in.readBoolean();
                default -> in.skip();
            }
        }
    }
}
