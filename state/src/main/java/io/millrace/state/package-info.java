/**
 * State that operators keep and that outlives the process. Read {@link io.millrace.state.OperatorState} for what an
 * operator sees of it, {@link io.millrace.state.TaskState} for what the runtime sees, {@link
 * io.millrace.state.table.KeyedTable} for the tables, and {@link io.millrace.state.checkpoint.CheckpointStore} for
 * where it is kept.
 *
 * <p>A state is one task's business: its worker reads and changes it without a lock. What is marked for a checkpoint is
 * copied by the same worker, some rows at a time, and before a row that was marked changes; I/O threads see the copies
 * only.
 */
package io.millrace.state;
