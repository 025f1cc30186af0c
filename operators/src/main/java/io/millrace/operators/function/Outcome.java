package io.millrace.operators.function;

/** Where a function puts a result that may be NULL or has two words. One a call, one thread. */
public final class Outcome {
    /** Set when the result is NULL; the caller clears it before the call. */
    public boolean isNull;

    /** Upper word of a DECIMAL's unscaled value, or microseconds of a timestamp with nanoseconds. */
    public long high;

    /** Lower word of a DECIMAL's unscaled value, or nanoseconds of the microsecond. */
    public long low;

    /** Makes the result NULL; what the method returns is ignored. */
    public void setNull() {
        isNull = true;
    }

    public void set(long newHigh, long newLow) {
        high = newHigh;
        low = newLow;
    }
}
