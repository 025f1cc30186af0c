/**
 * What of keyed tables is not in memory: parts of rows, in sorted files that RocksDB reads. Read {@link
 * io.millrace.state.tier.TableTier} for what an operator sees of it, {@link io.millrace.state.tier.StateTier} for what
 * a job has of it.
 *
 * <p>A table that takes too much memory is given away whole and written as a <em>run</em>; the operator goes on with an
 * empty one, whose rows are then parts of what is known of their keys. Nothing is read before somebody wants results:
 * then the parts of a key are merged, the oldest first, either of all keys in one pass over the files, or of some keys
 * each looked up where it lies. So access is in order wherever many keys are concerned, as in a log-structured merge
 * tree (O'Neil et al., 1996), whose merging is that of aggregates and not of versions.
 *
 * <pre>
 *   run     one file, in RocksDB's format for sorted tables
 *   entry   key    u32 bucket | u32 number of the run, both big-endian
 *           value  records as in a checkpoint: | i8 operation | varint key length | key | varint length | row |
 *                  operation 1: the row is all there is of the key; 3: it is a part
 *   bucket  the upper bits of the hash of the encoded key, the rest zeros. A later run has at least as many bits as an
 *           earlier one: so the parts of one key follow each other in the order of their runs
 * </pre>
 *
 * <p>Runs are folded: all of them read once in order, merged, and written as one, in the background, when what came
 * after the last folded run is larger than that. RocksDB compacts nothing by itself; its column family of a table holds
 * just the runs of that table, and is replaced when they are folded, or dropped with its files when the table, such as
 * the pane of a window, is done with. What is here does not outlive the process: checkpoints copy the runs and name
 * them in their manifest.
 */
package io.millrace.state.tier;
