package io.millrace.state.table;

/** Where the records of a table's checkpoints go; called on the table's thread. */
public interface RecordSink {
    /** Takes whole records. */
    void sealed(StateOutput records, int count);

    /** All that the last barrier marked was given. */
    void copied();

    /**
     * The table is closed. Whoever asked for the table wants it no more; what is being copied of it still is wanted.
     *
     * @return whether this takes the table, closes it when it is copied, and nothing else will write it until then
     */
    boolean closed(KeptTable table);
}
