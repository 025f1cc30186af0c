package io.millrace.formats.parquet.footer;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the end of a Parquet file says of it. Immutable, on the heap; every offset in it was checked against the file.
 */
public final class ParquetFooter {
    /** Bytes at the end of a file that {@link #footerBytes} wants: footer length and magic. */
    public static final int TAIL_BYTES = 8;

    private static final int MAGIC = 0x31524150; // "PAR1"
    private static final int MAGIC_ENCRYPTED = 0x45524150; // "PARE"
    private static final int MAX_FOOTER_BYTES = 256 << 20;

    private final String file;
    private final long rowCount;
    private final SchemaNode root;
    private final List<SchemaNode> leaves;
    private final List<RowGroup> rowGroups;
    private final Schema schema;

    ParquetFooter(String file, long rowCount, SchemaNode root, List<SchemaNode> leaves, List<RowGroup> rowGroups) {
        this.file = file;
        this.rowCount = rowCount;
        this.root = root;
        this.leaves = List.copyOf(leaves);
        this.rowGroups = List.copyOf(rowGroups);
        this.schema = TypeMapping.schemaOf(root, ChunkLocation.footer(file));
    }

    /**
     * How many bytes before the tail are the footer, checked against the file's length.
     *
     * @param tailAddress the last {@link #TAIL_BYTES} bytes of the file
     */
    public static int footerBytes(String file, long fileBytes, long tailAddress) {
        ChunkLocation where = ChunkLocation.footer(file);
        if (fileBytes < TAIL_BYTES + 4) {
            throw where.corrupt("expected at least 12 bytes, found " + fileBytes);
        }
        int magic = Mem.getInt(tailAddress + 4);
        if (magic == MAGIC_ENCRYPTED) {
            throw where.unsupported("the footer is encrypted");
        }
        if (magic != MAGIC) {
            throw where.corrupt(
                    "expected the file to end in PAR1, found bytes "
                            + Integer.toHexString(Integer.reverseBytes(magic)));
        }
        long length = Mem.getInt(tailAddress) & 0xffffffffL;
        if (length > fileBytes - TAIL_BYTES - 4) {
            throw where.corrupt("footer of " + length + " bytes in a file of " + fileBytes);
        }
        if (length > MAX_FOOTER_BYTES) {
            throw where.corrupt("expected a footer of at most " + MAX_FOOTER_BYTES + " bytes, found " + length);
        }
        return (int) length;
    }

    /** Parses the footer's bytes, without the tail. */
    public static ParquetFooter parse(String file, long fileBytes, long address, int lengthBytes) {
        ChunkLocation where = ChunkLocation.footer(file);
        try {
            return new FooterReader(file, fileBytes - TAIL_BYTES - lengthBytes)
                    .read(new CompactReader(address, lengthBytes, where));
        } catch (CompactReader.Underflow underflow) {
            throw where.corrupt("the footer ends too early");
        }
    }

    /** The name the file was given, for messages. */
    public String file() {
        return file;
    }

    public long rowCount() {
        return rowCount;
    }

    public List<RowGroup> rowGroups() {
        return rowGroups;
    }

    /** The columns with the types they have by themselves. */
    public Schema schema() {
        return schema;
    }

    SchemaNode root() {
        return root;
    }

    List<SchemaNode> leaves() {
        return leaves;
    }

    /** The top-level column of this name. */
    public SchemaNode column(String name) {
        for (SchemaNode column : root.children()) {
            if (column.name().equals(name)) {
                return column;
            }
        }
        throw new MillraceException(ErrorCode.UNKNOWN_COLUMN, "file " + file + " has no column " + name)
                .withHelp(
                        "It has: "
                                + root.children().stream()
                                        .limit(40)
                                        .map(SchemaNode::name)
                                        .collect(Collectors.joining(", ")));
    }
}
