package io.millrace.state.tier;

import java.util.List;

/** What of one state is not in memory, as checkpoints see it. */
public sealed interface Tier permits TableTier, RowTier {
    /** The runs, the oldest first, those included that are not written yet. */
    List<TierRun> runs();

    /**
     * As {@link #runs}, each retained, so that none goes while it is not yet copied; {@link TaskTiers#copy} lets go.
     */
    List<TierRun> retainedRuns();

    /** Whether it was dropped. */
    boolean isDropped();

    /** Frees all; nothing of it runs. Idempotent. */
    void free();
}
