/**
 * Checkpoints: which files, together, are one state of a job. Read {@link io.millrace.state.checkpoint.CheckpointStore}
 * first, then {@link io.millrace.state.checkpoint.Manifest}; {@code docs/state-format.md} has the bytes.
 *
 * <pre>
 *   LOCATION/files/INCARNATION-CONTENT-LENGTH    data; CONTENT is CRC-32 and CRC-32C of all of it in hex
 *   LOCATION/log/SLOT                            20 digits: a START, a SKIP or a CHECKPOINT
 *   hidden names                                 being written, or left by a process that died
 * </pre>
 *
 * <p>A checkpoint is there when its record is. Order on disk: data of a file, its name; then data of the record, its
 * name. So whatever moment a crash picks, a record that is there refers to files that are there. Deleting goes the
 * other way: records, then, when that is safe, files.
 *
 * <p>A slot is claimed create-if-absent, and only the one that follows the newest: one more, or what a SKIP says. An
 * incarnation is the slot of its START; its checkpoints follow without a gap. Therefore
 *
 * <ul>
 *   <li>an old instance that publishes between another's look at the log and its claim takes the very slot that is
 *       about to be claimed: the claim fails, the log is looked at anew, the checkpoint is seen;
 *   <li>one that publishes after the claim finds its next slot taken by a START: FENCED. A START or SKIP is never
 *       deleted, so that holds however late it wakes up;
 *   <li>a claim may hit a slot that retention freed, when it was looked up long before: then it is not the newest once
 *       made, counts for nothing, and is made again;
 *   <li>a publication that failed may have taken place: before the next one the slot is looked at;
 *   <li>an old instance may still delete. It deletes files only that it or its predecessors named, that no record it
 *       found refers to, after seeing that it is not fenced; the newest checkpoint is never deleted, and a later
 *       incarnation's files have names of its own. What it can still take away is an older checkpoint that a job is
 *       made to go back to in that very moment; the first publication looks whether all its files are there.
 * </ul>
 *
 * <p>All of it blocks and is thread-safe; it is called on I/O threads.
 */
package io.millrace.state.checkpoint;
