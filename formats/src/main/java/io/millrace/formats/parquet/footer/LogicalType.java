package io.millrace.formats.parquet.footer;

/**
 * What a schema element's annotation says, from LogicalType or, in older files, ConvertedType.
 *
 * @param unitsPerSecond of TIME and TIMESTAMP: 1,000, 1,000,000 or 1,000,000,000
 * @param utc of TIMESTAMP: whether values are instants
 * @param bitWidth of INTEGER
 * @param signed of INTEGER
 */
public record LogicalType(
        Kind kind, int precision, int scale, int unitsPerSecond, boolean utc, int bitWidth, boolean signed) {
    static final LogicalType NONE = of(Kind.NONE);

    public enum Kind {
        NONE,
        STRING,
        MAP,
        LIST,
        DECIMAL,
        DATE,
        TIME,
        TIMESTAMP,
        INTEGER,
        FLOAT16,
        /** An annotation that adds nothing to how values are read: UUID, BSON, INTERVAL, geometry … */
        OTHER
    }

    static LogicalType of(Kind kind) {
        return new LogicalType(kind, 0, 0, 0, false, 0, false);
    }

    static LogicalType decimal(int precision, int scale) {
        return new LogicalType(Kind.DECIMAL, precision, scale, 0, false, 0, false);
    }

    static LogicalType time(int unitsPerSecond) {
        return new LogicalType(Kind.TIME, 0, 0, unitsPerSecond, false, 0, false);
    }

    static LogicalType timestamp(int unitsPerSecond, boolean utc) {
        return new LogicalType(Kind.TIMESTAMP, 0, 0, unitsPerSecond, utc, 0, false);
    }

    static LogicalType integer(int bitWidth, boolean signed) {
        return new LogicalType(Kind.INTEGER, 0, 0, 0, false, bitWidth, signed);
    }

    /** From the older annotation, whose DECIMAL parameters lie in the schema element. */
    static LogicalType ofConverted(int code, int precision, int scale) {
        return switch (code) {
            case 0, 4, 19 -> of(Kind.STRING);
            case 1, 2 -> of(Kind.MAP);
            case 3 -> of(Kind.LIST);
            case 5 -> decimal(precision, scale);
            case 6 -> of(Kind.DATE);
            case 7 -> time(1_000);
            case 8 -> time(1_000_000);
            case 9 -> timestamp(1_000, false);
            case 10 -> timestamp(1_000_000, false);
            case 11, 12, 13, 14 -> integer(8 << code - 11, false);
            case 15, 16, 17, 18 -> integer(8 << code - 15, true);
            default -> of(Kind.OTHER);
        };
    }
}
