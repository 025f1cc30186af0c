package io.millrace.formats.parquet.footer;

import java.util.ArrayList;
import java.util.List;

/** Reads a footer's thrift structures; refuses what cannot be true as soon as it is seen. */
final class FooterReader {
    private static final int MAX_BOUND_BYTES = 1 << 10;

    private final String file;
    private final ChunkLocation where;
    private final long dataEnd;
    private List<SchemaNode> leaves;
    private SchemaNode root;
    private final List<RowGroup> groups = new ArrayList<>();

    /** {@code dataEnd} is where the pages of the file must have ended. */
    FooterReader(String file, long dataEnd) {
        this.file = file;
        this.where = ChunkLocation.footer(file);
        this.dataEnd = dataEnd;
    }

    ParquetFooter read(CompactReader in) {
        long rowCount = -1;
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 2 -> {
                    SchemaReader schema = new SchemaReader(where);
                    schema.read(in);
                    root = schema.tree();
                    leaves = schema.leaves();
                }
                case 3 -> rowCount = in.readI64();
                case 4 -> readRowGroups(in);
                default -> in.skip();
            }
        }
        if (root == null) {
            throw where.corrupt("the schema is missing");
        }
        long rows = 0;
        for (RowGroup group : groups) {
            rows += group.rowCount();
        }
        if (rowCount != rows) {
            throw where.corrupt("the file has " + rowCount + " rows, its row groups have " + rows);
        }
        return new ParquetFooter(file, rowCount, root, leaves, groups);
    }

    private void readRowGroups(CompactReader in) {
        if (root == null) {
            throw where.corrupt("row groups stand before the schema");
        }
        int count = in.beginList();
        int type = in.elementType();
        for (int i = 0; i < count; i++) {
            in.element(type);
            in.beginStruct();
            groups.add(readRowGroup(in, i));
        }
    }

    private RowGroup readRowGroup(CompactReader in, int ordinal) {
        long rowCount = -1;
        List<ColumnChunk> chunks = null;
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> chunks = readChunks(in, ordinal);
                case 3 -> rowCount = in.readI64();
                default -> in.skip();
            }
        }
        if (rowCount < 0) {
            throw where.corrupt("row group " + ordinal + " has " + rowCount + " rows");
        }
        if (chunks == null || chunks.size() != leaves.size()) {
            throw where.corrupt(
                    "row group "
                            + ordinal
                            + " has "
                            + (chunks == null ? 0 : chunks.size())
                            + " columns, the schema "
                            + leaves.size());
        }
        for (int i = 0; i < leaves.size(); i++) {
            long values = chunks.get(i).valueCount();
            if (leaves.get(i).maxRepetition() == 0 ? values != rowCount : values < rowCount) {
                throw at(ordinal, i).corrupt("row group of " + rowCount + " rows has " + values + " values");
            }
        }
        return new RowGroup(ordinal, rowCount, List.copyOf(chunks));
    }

    private ChunkLocation at(int ordinal, int leaf) {
        return new ChunkLocation(file, ordinal, leaves.get(leaf).path());
    }

    private List<ColumnChunk> readChunks(CompactReader in, int ordinal) {
        int count = in.beginList();
        if (count != leaves.size()) {
            throw where.corrupt("row group " + ordinal + " has " + count + " columns, the schema " + leaves.size());
        }
        int type = in.elementType();
        List<ColumnChunk> chunks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            in.element(type);
            in.beginStruct();
            chunks.add(readChunk(in, i, at(ordinal, i)));
        }
        return chunks;
    }

    private ColumnChunk readChunk(CompactReader in, int leaf, ChunkLocation chunk) {
        ColumnChunk read = null;
        boolean elsewhere = false;
        boolean encrypted = false;
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> elsewhere = !in.readString().isEmpty();
                case 3 -> {
                    in.beginStruct();
                    read = readMetadata(in, leaf, chunk);
                }
                case 8, 9 -> {
                    encrypted = true;
                    in.skip();
                }
                default -> in.skip();
            }
        }
        if (encrypted) {
            throw chunk.unsupported("the column is encrypted");
        }
        if (elsewhere) {
            throw chunk.unsupported("the column lies in another file");
        }
        if (read == null) {
            throw chunk.corrupt("the column has no metadata");
        }
        return read;
    }

    private ColumnChunk readMetadata(CompactReader in, int leaf, ChunkLocation chunk) {
        PhysicalType physical = null;
        Codec codec = null;
        long values = -1;
        long uncompressed = -1;
        long compressed = -1;
        long dataOffset = -1;
        long dictionaryOffset = -1;
        boolean allDictionary = false;
        ColumnBounds bounds = ColumnBounds.UNKNOWN;
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> physical = PhysicalType.of(in.readI32(), chunk);
                case 4 -> codec = Codec.of(in.readI32(), chunk);
                case 5 -> values = in.readI64();
                case 6 -> uncompressed = in.readI64();
                case 7 -> compressed = in.readI64();
                case 9 -> dataOffset = in.readI64();
                case 11 -> dictionaryOffset = in.readI64();
                case 12 -> bounds = readStatistics(in, leaf);
                case 13 -> allDictionary = readEncodingStats(in, chunk);
                default -> in.skip();
            }
        }
        if (physical != leaves.get(leaf).physical()) {
            throw chunk.corrupt("expected " + leaves.get(leaf).physical() + " as in the schema, found " + physical);
        }
        if (codec == null || values < 0 || uncompressed < 0) {
            throw chunk.corrupt("codec=" + codec + " values=" + values + " uncompressedBytes=" + uncompressed);
        }
        // Some old writers give 0 for no dictionary page.
        boolean hasDictionary = dictionaryOffset > 0 && dictionaryOffset < dataOffset;
        long offset = hasDictionary ? dictionaryOffset : dataOffset;
        if (offset < 4 || compressed < 0 || compressed > dataEnd - offset) {
            throw chunk.corrupt(
                    "expected its pages before byte "
                            + dataEnd
                            + ", found offset="
                            + offset
                            + " lengthBytes="
                            + compressed);
        }
        return new ColumnChunk(
                codec, values, offset, compressed, uncompressed, hasDictionary, hasDictionary && allDictionary, bounds);
    }

    private static boolean readEncodingStats(CompactReader in, ChunkLocation chunk) {
        int count = in.beginList();
        int type = in.elementType();
        boolean sawData = false;
        boolean allDictionary = true;
        for (int i = 0; i < count; i++) {
            in.element(type);
            in.beginStruct();
            int pageType = -1;
            int encoding = 0;
            int pages = 0;
            for (int id = in.field(0); id != 0; id = in.field(id)) {
                switch (id) {
                    case 1 -> pageType = in.readI32();
                    case 2 -> encoding = in.readI32();
                    case 3 -> pages = in.readI32();
                    default -> in.skip();
                }
            }
            if ((pageType == 0 || pageType == 3) && pages > 0) {
                sawData = true;
                allDictionary &= PageEncoding.of(encoding, chunk).isDictionary();
            }
        }
        return sawData && allDictionary;
    }

    private ColumnBounds readStatistics(CompactReader in, int leaf) {
        in.beginStruct();
        byte[] oldMin = null;
        byte[] oldMax = null;
        byte[] min = null;
        byte[] max = null;
        long nulls = -1;
        for (int id = in.field(0); id != 0; id = in.field(id)) {
            switch (id) {
                case 1 -> oldMax = in.readBinary();
                case 2 -> oldMin = in.readBinary();
                case 3 -> nulls = in.readI64();
                case 5 -> max = in.readBinary();
                case 6 -> min = in.readBinary();
                default -> in.skip();
            }
        }
        if (min == null && max == null && hasSignedOrder(leaves.get(leaf))) {
            min = oldMin;
            max = oldMax;
        }
        boolean usable = min != null && max != null && min.length <= MAX_BOUND_BYTES && max.length <= MAX_BOUND_BYTES;
        return new ColumnBounds(usable ? min : null, usable ? max : null, nulls);
    }

    /** The deprecated min and max were compared as signed numbers whatever the type was: good for these only. */
    private static boolean hasSignedOrder(SchemaNode leaf) {
        return switch (leaf.physical()) {
            case BOOLEAN, FLOAT, DOUBLE -> true;
            case INT32, INT64 -> leaf.logical().kind() != LogicalType.Kind.INTEGER || leaf.logical().signed();
            default -> false;
        };
    }
}
