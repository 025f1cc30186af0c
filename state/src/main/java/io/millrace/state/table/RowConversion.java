package io.millrace.state.table;

/** Makes rows as an earlier script wrote them those of this one. One thread; holds nothing. */
public interface RowConversion {
    /** Reads one row that was written, to its end, and writes it anew. */
    void convert(StateInput from, StateOutput to);
}
