/**
 * State that operators keep and that outlives the process. Read {@link io.millrace.state.OperatorState} for what an
 * operator sees of it, {@link io.millrace.state.TaskState} for what the runtime sees, {@link
 * io.millrace.state.table.KeyedTable} for the tables, {@link io.millrace.state.table.RowJournal} for how rows are
 * marked, and {@link io.millrace.state.checkpoint.CheckpointStore} for where checkpoints are kept.
 *
 * <p>A state is one task's business: its worker reads and changes it without a lock. What is marked for a checkpoint is
 * copied by the same worker, some rows at a time, and before a row that was marked changes; I/O threads see the copies
 * only.
 *
 * <p>A checkpoint writes one file a task, when there is anything to write:
 *
 * <pre>
 *   file      MRSTATE1 | sections, one behind the other, of all tables, panes and bags of the task
 *   section   of a table: records, | i8 1 = put    | varint key length | key | varint length | row |
 *                                  | i8 2 = delete | varint key length | key |
 *             of a bag: one batch
 *   key       as the package table says of BytesKeyTable, whatever the table's layout
 * </pre>
 *
 * <p>The manifest lists a state's sections, the oldest first, each with its file, place and CRC32C. Reading them in
 * this order gives the state: a section of a whole copy is first, as it comes with a new list.
 */
package io.millrace.state;
