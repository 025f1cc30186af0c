/**
 * Keyed state: off-heap tables, the RocksDB tier under them, timers and snapshots.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.state;
