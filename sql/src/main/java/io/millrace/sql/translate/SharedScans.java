package io.millrace.sql.translate;

import io.millrace.connectors.api.ScanPredicate;
import io.millrace.sql.validate.StoredTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which scans of a graph are one: what reads the same table reads it once, whether in one query or in several of a job.
 * A graph is translated twice: first to learn of its scans with {@link #observe}, then to build it. One planning.
 */
final class SharedScans {
    /**
     * What scans have in common that become one. Of a table that ends, the predicates too: leaving out data may be
     * worth more than reading once.
     */
    private record Key(Object origin, int parallelism, List<ScanPredicate> predicates) {}

    /** A scan that several read, or the only one of its table. */
    static final class Scan {
        private final TreeSet<Integer> columns = new TreeSet<>();
        private int readers;
        private boolean timed;
        private Stream stream;

        /** The table's columns that any reader reads. */
        List<Integer> columns() {
            return List.copyOf(columns);
        }

        boolean isShared() {
            return readers > 1;
        }

        /** Whether any reader needs watermarks. */
        boolean isTimed() {
            return timed;
        }

        /** What reads the table, or null before that is in the graph. */
        Stream stream() {
            return stream;
        }

        void setStream(Stream stream) {
            this.stream = stream;
        }
    }

    private final Map<Key, Scan> scans = new HashMap<>();
    private boolean observing = true;

    boolean isObserving() {
        return observing;
    }

    /** Whether anything is read more than once. */
    boolean any() {
        return scans.values().stream().anyMatch(Scan::isShared);
    }

    /** From now on scans are known and nodes are made. */
    void build() {
        observing = false;
        scans.values().forEach(scan -> scan.setStream(null));
    }

    /** Notes a reader. */
    void observe(
            StoredTable table,
            PlanSettings settings,
            List<ScanPredicate> predicates,
            TreeSet<Integer> columns,
            boolean timed) {
        Scan scan = scans.computeIfAbsent(key(table, settings, predicates), key -> new Scan());
        scan.columns.addAll(columns);
        scan.timed |= timed;
        scan.readers++;
    }

    /** The scan of a reader that was observed. */
    Scan of(StoredTable table, PlanSettings settings, List<ScanPredicate> predicates) {
        return scans.get(key(table, settings, predicates));
    }

    /** Whether these rows are a scan's that has several readers. */
    boolean isShared(Stream stream) {
        return scans.values().stream().anyMatch(scan -> scan.isShared() && stream.equals(scan.stream()));
    }

    private static Key key(StoredTable table, PlanSettings settings, List<ScanPredicate> predicates) {
        return new Key(table.origin(), settings.parallelism(), table.source().isBounded() ? predicates : List.of());
    }
}
