package io.millrace.engine.config;

/** {@code execution.runtime-mode}: what results a statement gives. The operators are the same. */
public enum RuntimeMode {
    /** Batch when every source is bounded, else streaming. */
    AUTOMATIC,
    /** Final results only; an unbounded source is an error. */
    BATCH,
    /** Each change of the result. */
    STREAMING
}
