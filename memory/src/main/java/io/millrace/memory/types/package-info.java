/**
 * SQL types and schemas, and how each type lies in memory.
 *
 * <p>Read {@link io.millrace.memory.types.DataType} first. {@link io.millrace.memory.types.Layout} is the physical
 * side:
 *
 * <pre>
 *   type                     layout   bytes  one value
 *   BOOLEAN                  BOOL8        1  0 or 1 (the Arrow canonical extension type arrow.bool8)
 *   TINYINT SMALLINT INT     I8 I16 I32      two's complement, little endian
 *   BIGINT                   I64          8
 *   FLOAT DOUBLE             F32 F64         IEEE 754
 *   DECIMAL(p&lt;=18, s)        I64          8  unscaled value
 *   DECIMAL(p&gt;18, s)         I128        16  unscaled value, low word first
 *   DATE                     I32          4  days since 1970-01-01
 *   TIME(p&lt;=6)               I64          8  microseconds since midnight
 *   TIMESTAMP[_LTZ](p&lt;=6)    I64          8  microseconds since 1970-01-01T00:00 (UTC for _LTZ)
 *   TIMESTAMP[_LTZ](7..9)    NANOS       16  i64 microseconds, i32 nanoseconds of the microsecond, i32 zero
 *   VARCHAR BINARY           VIEW        16  Arrow view: i32 length, then 12 inline bytes, or
 *                                            4 prefix bytes, i32 data buffer, i32 offset
 *   ARRAY                    LIST         4  i32 offsets, row count + 1 of them, into one child
 *   MAP                      LIST         4  the same, into one ROW child (key, value)
 *   ROW                      STRUCT       0  one child a field
 * </pre>
 */
package io.millrace.memory.types;
