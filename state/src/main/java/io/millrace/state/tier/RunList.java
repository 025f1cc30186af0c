package io.millrace.state.tier;

import java.util.ArrayList;
import java.util.List;

/** The runs of one state, the oldest first, those included that are not written yet. Thread-safe. */
final class RunList {
    private List<TierRun> runs = List.of();

    synchronized List<TierRun> all() {
        return runs;
    }

    /** As {@link #all}, each retained before any can be replaced. */
    synchronized List<TierRun> retained() {
        runs.forEach(TierRun::retain);
        return runs;
    }

    synchronized void add(TierRun run) {
        List<TierRun> more = new ArrayList<>(runs);
        more.add(run);
        runs = List.copyOf(more);
    }

    /** Puts one run in the place of some neighbours; null for none. They stay retained. */
    synchronized void replace(int first, int count, TierRun with) {
        runs = List.copyOf(replaced(runs, first, count, with));
    }

    /** A list with one run in the place of some neighbours; null for none. */
    static List<TierRun> replaced(List<TierRun> all, int first, int count, TierRun with) {
        List<TierRun> others = new ArrayList<>(all);
        others.subList(first, first + count).clear();
        if (with != null) {
            others.add(first, with);
        }
        return others;
    }
}
