/**
 * Hash tables in memory, from key columns to fixed-width rows of accumulators. Read {@link
 * io.millrace.state.table.KeyedTable} first.
 *
 * <p>Two layouts, chosen by {@link io.millrace.state.table.KeyedTables}:
 *
 * <pre>
 *   LongKeyTable   one integer key of up to 8 bytes, open addressing with linear probing, rows in the slots
 *
 *       slot       | i64 key | values ... |        key 0 = empty slot
 *       after the last slot: one slot for the key 0 and one for NULL
 *       marks      i8 a slot, beside the slots, of a table that checkpoints keep
 *
 *   BytesKeyTable  any keys; rows never move
 *
 *       directory  | u16 salt : u48 row address |   open addressing, 0 = empty
 *       row        | i64 hash | values ... | i32 key length | key bytes |     8-aligned, in blocks
 *       before the hash, of a table that checkpoints keep: i8 mark, i8 1 = no checkpoint has the key, 6 unused
 *       key bytes  null bitmap, then a column each: fixed width as it is, zeros under NULL;
 *                  VARCHAR and BINARY i32 length and bytes
 * </pre>
 *
 * <p>Values are zero in a new row: every accumulator reads zero bytes as its empty state.
 */
package io.millrace.state.table;
