package io.millrace.operators.function;

/** What a function makes of NULL. */
public enum NullBehaviour {
    /** A NULL argument gives NULL, without a call; other arguments never do. */
    STRICT,
    /** A NULL argument gives NULL, without a call; other arguments may. */
    NULLABLE,
    /** The function is called with NULLs and decides; its result may be NULL where an argument may. */
    CALLED,
    /** The result is never NULL. */
    NEVER
}
