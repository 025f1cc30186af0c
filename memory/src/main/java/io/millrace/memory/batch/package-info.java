/**
 * Batches: rows together, as columns. Read {@link io.millrace.memory.batch.Batch} first.
 *
 * <p>A batch is a handle with one owner; its columns are counted and may be shared by several batches. Handing a batch
 * to another thread hands over the ownership.
 */
package io.millrace.memory.batch;
