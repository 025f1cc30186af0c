/**
 * Columns: immutable, reference-counted vectors of one type, and the builders that make them.
 *
 * <p>Read {@link io.millrace.memory.column.Column} first. The layout follows the Arrow columnar format, so that a
 * column can be handed to an Arrow consumer without a copy:
 *
 * <pre>
 *   validity  bitmap, bit i of byte i/8 from the low end; set = present; absent when nothing is null
 *   values    width * rows bytes, little endian (widths in io.millrace.memory.types); zero under a null
 *   view      | i32 length | 12 bytes inline, zero padded         |   length &lt;= 12
 *             | i32 length | 4 prefix | i32 buffer | i32 offset    |   length &gt; 12, into data[buffer]
 *   list      i32 offsets, rows + 1, into child 0
 *   struct    one child a field
 *
 *   encoding  FLAT        values hold one value a row
 *             CONSTANT    values hold one value, which stands for every row
 *             DICTIONARY  values hold one i32 a row, an index into child 0, a FLAT column without nulls;
 *                         validity is a row's, not an entry's; the index under a null is zero
 * </pre>
 *
 * <p>A builder belongs to one thread. A column may be read by any thread and is freed by whoever releases it last.
 */
package io.millrace.memory.column;
