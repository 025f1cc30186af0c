package io.millrace.state;

/** One table or one bag of a kept state, as its snapshots see it. One thread. */
sealed interface StatePart permits TablePart, BagPart {
    /**
     * Marks what there is as the snapshot's and adds its list of sections to it.
     *
     * @param whole whether nothing that was written before may be built upon
     */
    void begin(Snapshot snapshot, boolean whole);

    /** Copies about this many bytes; returns how many it did. */
    long copy(long maxBytes);

    boolean isCopying();

    long heldBytes();

    /** Its operator is done with it, and so are all snapshots. Idempotent. */
    void free();
}
