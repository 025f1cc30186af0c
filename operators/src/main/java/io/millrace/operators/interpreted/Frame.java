package io.millrace.operators.interpreted;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;

/**
 * What nodes compute over: the columns of one batch, views for the time of the evaluation.
 *
 * @param rowCount rows that lie in the columns
 * @param interpretedOnly whether nothing compiled may run: to find out what failed
 */
public record Frame(Allocator allocator, Column[] columns, int rowCount, boolean interpretedOnly) {}
