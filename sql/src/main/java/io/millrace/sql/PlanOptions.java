package io.millrace.sql;

/**
 * What the session wants of a plan.
 *
 * @param parallelism tasks of an operator that can have several
 * @param earlyResults whether windows show what they have before they close; only for sinks that take retractions
 */
public record PlanOptions(RuntimeMode mode, int parallelism, boolean earlyResults) {
    public PlanOptions {
        if (parallelism < 1) {
            throw new IllegalArgumentException("expected parallelism >= 1, found " + parallelism);
        }
    }

    public PlanOptions withEarlyResults(boolean early) {
        return new PlanOptions(mode, parallelism, early);
    }
}
