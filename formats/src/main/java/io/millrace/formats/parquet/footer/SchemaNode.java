package io.millrace.formats.parquet.footer;

import java.util.List;

/**
 * One element of a file's schema, with the levels at which it stands.
 *
 * @param physical null for a group
 * @param typeLengthBytes of FIXED_LEN_BYTE_ARRAY
 * @param maxDefinition definition level of a present value
 * @param maxRepetition repeated elements on the path to it, itself included
 * @param leaf index among the leaves, -1 for a group
 */
public record SchemaNode(
        String path,
        String name,
        Repetition repetition,
        PhysicalType physical,
        int typeLengthBytes,
        LogicalType logical,
        int maxDefinition,
        int maxRepetition,
        int leaf,
        List<SchemaNode> children) {

    enum Repetition {
        REQUIRED,
        OPTIONAL,
        REPEATED
    }

    public boolean isLeaf() {
        return physical != null;
    }

    boolean isOptional() {
        return repetition == Repetition.OPTIONAL;
    }

    public boolean isRepeated() {
        return repetition == Repetition.REPEATED;
    }

    /** Bytes of a PLAIN value; 0 for BOOLEAN and BYTE_ARRAY. */
    public int widthBytes() {
        return physical == PhysicalType.FIXED_LEN_BYTE_ARRAY ? typeLengthBytes : physical.widthBytes();
    }

    /**
     * Of a LIST-annotated group: what its elements are, by the rules for older writers in the format's LogicalTypes.
     */
    public SchemaNode listElement() {
        SchemaNode repeated = children.getFirst();
        boolean itself =
                repeated.isLeaf()
                        || repeated.children.size() != 1
                        || repeated.name.equals("array")
                        || repeated.name.equals(name + "_tuple");
        return itself ? repeated : repeated.children.getFirst();
    }
}
