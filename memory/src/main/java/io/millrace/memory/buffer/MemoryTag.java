package io.millrace.memory.buffer;

/** What a piece of memory is for. Every allocation carries one; the budget reports by it. */
public enum MemoryTag {
    /** Batches in flight. */
    BATCH,
    /** Dictionaries and other data that several batches share. */
    DICTIONARY,
    /** Hash tables and accumulators. */
    STATE,
    /** Sort runs. */
    SORT,
    /** Pages and fetched bytes on the way in. */
    READ,
    /** Pages and encoded bytes on the way out. */
    WRITE,
    /** Materialized views. */
    VIEW,
    /** RocksDB's cache under the state, and the filters of its runs. */
    ROCKSDB,
    /** Buffers kept for reuse. */
    POOL
}
