package io.millrace.cli;

import io.millrace.connectors.api.BadRecord;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.side.SideTableStore;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** What users must know besides the results: a line each on stderr, and each line once. Thread-safe. */
final class Warnings {
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_$]*");

    private final PrintStream err;
    private final Set<String> said = new HashSet<>();
    private final Map<String, SideTableStore.Counts> leftOut = new HashMap<>();
    private String checkpointFailure;
    private long checkpointsFailed;
    private long checkpointsCompleted;

    Warnings(PrintStream err) {
        this.err = err;
    }

    /** Prints a warning that was not printed before. */
    synchronized void say(String warning) {
        if (said.add(warning)) {
            err.println("warning: " + warning);
        }
    }

    /** A job begins: its checkpoints are counted from zero. */
    synchronized void begin() {
        checkpointFailure = null;
        checkpointsFailed = 0;
        checkpointsCompleted = 0;
        leftOut.clear();
    }

    /** Says why checkpoints fail: again when there is another reason, or when one succeeded in between. */
    synchronized void ofCheckpoints(EngineJob job) {
        CheckpointStatistics now = job.checkpoints().orElse(null);
        if (now == null || now.failed() == checkpointsFailed) {
            return;
        }
        boolean isNews =
                !Objects.equals(now.lastFailure(), checkpointFailure) || now.completed() > checkpointsCompleted;
        checkpointsFailed = now.failed();
        checkpointsCompleted = now.completed();
        checkpointFailure = now.lastFailure();
        if (isNews) {
            err.println("warning: a checkpoint failed, the job goes on and takes others: " + checkpointFailure);
        }
    }

    /**
     * Says of each table how many of its rows are in no result, since the last time.
     *
     * @param where they can be seen, with {@code %s} for the table {@code t$bad} or {@code t$late}
     */
    synchronized void ofRows(SideTableStore sides, String where) {
        for (String table : sides.tables()) {
            SideTableStore.Counts now = sides.counts(table);
            SideTableStore.Counts before = leftOut.put(table, now);
            long bad = now.badRows() - (before == null ? 0 : before.badRows());
            long late = now.lateRows() - (before == null ? 0 : before.lateRows());
            if (bad > 0) {
                List<BadRecord> kept = sides.keptBad(table);
                String last = kept.isEmpty() ? "" : " (the last: " + describe(kept.getLast()) + ")";
                leftOut(table, bad, "could not be read" + last, where, "bad");
            }
            if (late > 0) {
                leftOut(table, late, "came after their window had closed", where, "late");
            }
        }
    }

    private void leftOut(String table, long rows, String why, String where, String suffix) {
        String side = table + "$" + suffix;
        err.println(
                "warning: table "
                        + table
                        + ": left out "
                        + rows
                        + (rows == 1 ? " row" : " rows")
                        + " that "
                        + why
                        + "; "
                        + where.formatted(PLAIN.matcher(side).matches() ? side : "`" + side + "`"));
    }

    private static String describe(BadRecord bad) {
        return bad.reason() + ", in " + bad.origin() + (bad.position() < 0 ? "" : " at " + bad.position());
    }
}
