package io.millrace.connectors.hybrid;

import io.millrace.connectors.api.ReplayableTopic;
import io.millrace.connectors.api.ScanPredicate;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceRun;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A bounded source and a topic behind one schema; columns are found in the stages by name. */
final class HybridSource implements Source {
    private final TableDescriptor table;
    private final Schema schema;
    private final Source history;
    private final ReplayableTopic live;
    private final Handover handover;
    private final boolean countGaps;
    private final Consumer<String> warnings;

    HybridSource(
            TableDescriptor table,
            Source history,
            ReplayableTopic live,
            Handover handover,
            boolean countGaps,
            Consumer<String> warnings) {
        this.warnings = warnings;
        this.table = table;
        this.schema = table.columns().isEmpty() ? live.schema() : table.schema();
        this.history = history;
        this.live = live;
        this.handover = handover;
        this.countGaps = countGaps;
        for (int i = 0; i < schema.size(); i++) {
            stageColumn(history.schema(), "history", i);
            stageColumn(live.schema(), "live", i);
        }
    }

    private int stageColumn(Schema stage, String word, int column) {
        int index = stage.indexOf(schema.name(column));
        if (index < 0) {
            throw new MillraceException(
                            ErrorCode.UNKNOWN_COLUMN,
                            "table " + table.name() + ": its " + word + " stage has no column " + schema.name(column))
                    .withHelp("Declare the column in both stages, or leave it out of the hybrid table.");
        }
        if (!stage.type(index).sameValues(schema.type(column))) {
            throw new MillraceException(
                    ErrorCode.SQL_INVALID,
                    "table "
                            + table.name()
                            + ": column "
                            + schema.name(column)
                            + " is "
                            + schema.type(column)
                            + ", but "
                            + stage.type(index)
                            + " in its "
                            + word
                            + " stage");
        }
        return index;
    }

    String tableName() {
        return table.name();
    }

    String eventTimeColumn() {
        return table.eventTimeColumn();
    }

    Source history() {
        return history;
    }

    ReplayableTopic live() {
        return live;
    }

    Handover handover() {
        return handover;
    }

    void warn(String text) {
        warnings.accept("table " + table.name() + ": " + text);
    }

    boolean countsGaps() {
        return countGaps;
    }

    /** The projected columns' indices in history or the topic. */
    int[] map(int[] projection, boolean toHistory) {
        Schema stage = toHistory ? history.schema() : live.schema();
        int[] mapped = new int[projection.length];
        for (int i = 0; i < projection.length; i++) {
            mapped[i] = stage.indexOf(schema.name(projection[i]));
        }
        return mapped;
    }

    List<ScanPredicate> map(List<ScanPredicate> predicates, boolean toHistory) {
        List<ScanPredicate> mapped = new ArrayList<>();
        for (ScanPredicate predicate : predicates) {
            int column = map(new int[] {predicate.column()}, toHistory)[0];
            mapped.add(new ScanPredicate(column, predicate.comparison(), predicate.values()));
        }
        return mapped;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean isBounded() {
        return false;
    }

    @Override
    public OptionalLong estimatedRows() {
        return history.estimatedRows();
    }

    @Override
    public String place() {
        return history.place() + ", then " + live.place();
    }

    @Override
    public String describe() {
        return "handover="
                + handover.by()
                + (handover.exact() ? "" : " (not exact)")
                + " history={"
                + history.describe()
                + "} live={"
                + live.describe()
                + "}";
    }

    @Override
    public String replayNote() {
        // The topic is asked for no more than what follows the history, and a gap between the two is found at the
        // start.
        return history.replayNote();
    }

    @Override
    public String replayLoss() {
        return history.replayLoss();
    }

    @Override
    public SourceRun start(ScanRequest request) {
        return new HybridRun(this, request);
    }
}
