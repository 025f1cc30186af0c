package io.millrace.connectors.hybrid;

import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TableOptions;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.memory.types.TypeKind;
import java.util.ArrayList;
import java.util.List;

/** How the cut between history and topic is found, as the table's options say. */
sealed interface Handover {
    String BY = "handover.by";
    String PARTITION_COLUMN = "handover.partition-column";
    String OFFSET_COLUMN = "handover.offset-column";
    String ID_COLUMNS = "handover.id-columns";
    String OVERLAP = "handover.overlap";
    String TOLERANCE = "handover.tolerance";

    /** As {@code handover.by} has it. */
    String by();

    /** Whether no row can be lost or repeated. */
    boolean exact();

    /** History's rows carry the partition and offset they came from. Indices into history's schema. */
    record ByOffset(int partitionColumn, int offsetColumn) implements Handover {
        @Override
        public String by() {
            return "offset";
        }

        @Override
        public boolean exact() {
            return true;
        }
    }

    /** Rows have ids; those of the last {@code overlapMicros} of history are looked up. Names in both stages. */
    record ByEventId(List<String> idColumns, long overlapMicros) implements Handover {
        @Override
        public String by() {
            return "event-id";
        }

        @Override
        public boolean exact() {
            return true;
        }
    }

    /** Live rows that are not later than history's last are taken to be in history. */
    record ByEventTime(long toleranceMicros) implements Handover {
        @Override
        public String by() {
            return "event-time";
        }

        @Override
        public boolean exact() {
            return false;
        }
    }

    /** Reads the options; without {@code handover.by}, the strongest way whose columns exist. */
    static Handover of(TableDescriptor table, Schema history, Schema live) {
        TableOptions options = new TableOptions(table);
        String by = table.option(BY);
        boolean offsets = table.option(OFFSET_COLUMN) != null || "offset".equals(by);
        boolean ids = table.option(ID_COLUMNS) != null || "event-id".equals(by);
        if (by == null) {
            by = offsets ? "offset" : ids ? "event-id" : "event-time";
        }
        return switch (by) {
            case "offset" -> byOffset(table, history);
            case "event-id" -> {
                List<String> names = new ArrayList<>();
                for (String name : table.requireOption(ID_COLUMNS).split(",", -1)) {
                    requireSameKind(table, name.strip(), history, live);
                    names.add(name.strip());
                }
                yield new ByEventId(names, options.getNanos(OVERLAP, 600_000_000_000L) / 1_000);
            }
            case "event-time" -> new ByEventTime(options.getNanos(TOLERANCE, 5_000_000_000L) / 1_000);
            default ->
                    throw new MillraceException(
                                    ErrorCode.INVALID_OPTION,
                                    "table "
                                            + table.name()
                                            + ": expected '"
                                            + BY
                                            + "' to be offset, event-id or event-time, found '"
                                            + by
                                            + "'")
                            .withHelp("Leave it out to take the strongest way whose columns are named.");
        };
    }

    private static Handover byOffset(TableDescriptor table, Schema history) {
        int partition = requireColumn(table, PARTITION_COLUMN, table.requireOption(PARTITION_COLUMN), history);
        int offset = requireColumn(table, OFFSET_COLUMN, table.requireOption(OFFSET_COLUMN), history);
        for (int column : new int[] {partition, offset}) {
            TypeKind kind = history.type(column).kind();
            if (!kind.isInteger()) {
                throw new MillraceException(
                        ErrorCode.INVALID_OPTION,
                        "table "
                                + table.name()
                                + ": expected an integer column, found "
                                + history.name(column)
                                + " "
                                + history.type(column));
            }
        }
        return new ByOffset(partition, offset);
    }

    /** Values of different kinds would never be equal, and every row of the band would come twice. */
    private static void requireSameKind(TableDescriptor table, String name, Schema history, Schema live) {
        DataType before = history.type(requireColumn(table, ID_COLUMNS, name, history));
        DataType after = live.type(requireColumn(table, ID_COLUMNS, name, live));
        boolean integers = before.kind().isInteger() && after.kind().isInteger();
        if (!integers && before.kind() != after.kind()) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "table "
                                    + table.name()
                                    + ": expected column "
                                    + name
                                    + " of one kind in both stages, found "
                                    + before
                                    + " and "
                                    + after)
                    .withHelp("Declare it alike, or hand over by other columns.");
        }
    }

    private static int requireColumn(TableDescriptor table, String option, String name, Schema schema) {
        int index = schema.indexOf(name);
        if (index < 0) {
            throw new MillraceException(
                            ErrorCode.UNKNOWN_COLUMN,
                            "table "
                                    + table.name()
                                    + ": '"
                                    + option
                                    + "' names "
                                    + name
                                    + ", which is not among "
                                    + schema.fields().stream().map(f -> f.name()).toList())
                    .withHelp("Name a column that both stages have; for offsets, one of history.");
        }
        return index;
    }
}
