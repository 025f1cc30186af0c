package io.millrace.sql.catalog;

import io.millrace.memory.types.DataType;
import java.util.Objects;

/** A column of a table, with its type resolved. {@code comment} may be null. */
public sealed interface CatalogColumn {
    String name();

    DataType type();

    String comment();

    /** Whether an INSERT writes it. */
    boolean isWritten();

    /** Stored in the record itself. */
    record Physical(String name, DataType type, String comment) implements CatalogColumn {
        public Physical {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(type, "type");
        }

        @Override
        public boolean isWritten() {
            return true;
        }
    }

    /** Told by the connector; {@code key} is its name there. */
    record Metadata(String name, DataType type, String key, boolean virtual, String comment) implements CatalogColumn {
        public Metadata {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public boolean isWritten() {
            return !virtual;
        }
    }

    /**
     * Computed from the others.
     *
     * @param sql the expression as text
     */
    record Computed(String name, DataType type, String sql, String comment) implements CatalogColumn {
        @Override
        public boolean isWritten() {
            return false;
        }
    }
}
