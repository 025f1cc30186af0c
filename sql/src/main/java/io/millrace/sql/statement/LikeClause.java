package io.millrace.sql.statement;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * LIKE other: what of another table's definition a new table takes over. Without options: everything, where options of
 * both are merged and the new table's win, and of other parts only one table may have them.
 */
public record LikeClause(Name table, Map<Part, Merge> merges) {
    /** A part of a definition. */
    public enum Part {
        ALL,
        CONSTRAINTS,
        GENERATED,
        METADATA,
        OPTIONS,
        PARTITIONS,
        WATERMARKS
    }

    /** What to do with a part that both tables have. */
    public enum Merge {
        /** Both; a clash is an error. */
        INCLUDING,
        /** Only the new table's. */
        EXCLUDING,
        /** Both; the new table's win. */
        OVERWRITING
    }

    public LikeClause {
        Objects.requireNonNull(table, "table");
        merges = Map.copyOf(merges);
    }

    /** What happens to one part. */
    public Merge merge(Part part) {
        Merge own = merges.get(part);
        if (own != null) {
            return own;
        }
        Merge all = merges.get(Part.ALL);
        if (part == Part.OPTIONS && all != Merge.EXCLUDING) {
            return Merge.OVERWRITING;
        }
        return all == null ? Merge.INCLUDING : all;
    }

    static Map<Part, Merge> none() {
        return new EnumMap<>(Part.class);
    }
}
