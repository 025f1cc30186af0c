package io.millrace.sql.translate;

/**
 * How a plan is to run.
 *
 * @param batch final results only, over bounded input; otherwise changes as they come
 * @param parallelism tasks of an operator that can have several
 * @param earlyResults whether windows on event time show what they have before they close; needs a sink that takes
 *     retractions
 */
public record PlanSettings(boolean batch, int parallelism, boolean earlyResults) {
    public PlanSettings {
        if (parallelism < 1) {
            throw new IllegalArgumentException("expected parallelism >= 1, found " + parallelism);
        }
    }
}
