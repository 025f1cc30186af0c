/**
 * What of state is not in memory: parts of keyed rows, in sorted files that RocksDB reads, and rows in the order that
 * is wanted, in files of our own. Read {@link io.millrace.state.tier.TableTier} and {@link
 * io.millrace.state.tier.RowTier} for what an operator sees of it, {@link io.millrace.state.tier.StateTier} for what a
 * job has of it.
 *
 * <p>A table that takes too much memory is given away whole and written as a <em>run</em>; the operator goes on with an
 * empty one, whose rows are then parts of what is known of their keys. Nothing is read before somebody wants results:
 * then the parts of a key are merged, either of all keys in one pass over the files, the oldest first, or of some keys
 * each looked up where it lies. So access is in order wherever many keys are concerned, as in a log-structured merge
 * tree (O'Neil et al., 1996), whose merging is that of aggregates and not of versions.
 *
 * <p>A run is one file in RocksDB's format for sorted tables. It has an entry for each <em>bucket</em> of some dozen
 * rows whose hashes begin alike, not for each row, as {@link io.millrace.state.tier.BucketLayout} says: so the cost of
 * an entry is shared. Runs of which single keys are looked up have a {@link io.millrace.state.tier.RunFilter}, and a
 * {@link io.millrace.state.tier.RunIndex}, by which a bucket is read where its file is {@linkplain
 * io.millrace.state.tier.MappedRun mapped}. Keys are looked up many at a time, in the order of their hashes, in one run
 * after the other, the newest first: a row that is all there is of its key hides what older runs have.
 *
 * <p>Runs are folded: read once in order, merged, and written as one, in the background. All are when what came after
 * the first is larger than that twice; else the youngest, when eight of them are of about one size. RocksDB compacts
 * nothing by itself. A column family of it holds the runs of the tables of one task, by their numbers, so that no two
 * overlap: a run is ingested below all others, and taken out with its file when it was folded or its table, such as the
 * pane of a window, is done with.
 *
 * <p>Rows that are kept to be put in order are no tables: a piece of them at a time is sorted and written by a {@link
 * io.millrace.state.tier.RowRunWriter}, and at the end a {@link io.millrace.state.tier.RowMerge} reads all runs side by
 * side.
 *
 * <p>What is here does not outlive the process: checkpoints keep the runs, by a second name for each where that can be
 * and else a copy, and name them in their manifest.
 */
package io.millrace.state.tier;
