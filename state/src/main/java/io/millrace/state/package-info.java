/**
 * Keyed state: off-heap tables that operators look up by batch.
 *
 * <p>Read {@link io.millrace.state.table.KeyedTable} first. A table belongs to one task and is touched by one worker at
 * a time. The RocksDB tier, timers and snapshots are not built yet.
 */
package io.millrace.state;
