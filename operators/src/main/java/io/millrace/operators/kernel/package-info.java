/**
 * Loops over raw columns, and how columns look to them.
 *
 * <p>Read {@link io.millrace.operators.kernel.Rows} (which rows), {@link io.millrace.operators.kernel.Operand} (a
 * column to read, whatever its encoding) and {@link io.millrace.operators.kernel.Target} (a column being written), then
 * {@link io.millrace.operators.kernel.Kernels}, the few loops that have a Vector API form. All of it is for one thread
 * but the kernels, which have no state.
 *
 * <p>Indices that a kernel selects may be written in whole vectors, but never behind those of all rows: an index buffer
 * has room for as many indices as there are rows.
 */
package io.millrace.operators.kernel;
