package io.millrace.operators.contract;

/** How expressions run: {@code execution.kernels}. */
public enum KernelMode {
    /** Interpreted first, compiled after some rows. */
    COMPILED,
    /** Never compiled. */
    INTERPRETED
}
