package io.millrace.connectors.kafka;

/** Takes encoded records, in order. */
interface RecordTarget {
    /**
     * One record, copied.
     *
     * @param partition to write to, or -1 when the client chooses
     * @param key null for none
     * @param valueBytes -1 for a tombstone
     */
    void add(int partition, byte[] key, long valueAddress, int valueBytes);
}
