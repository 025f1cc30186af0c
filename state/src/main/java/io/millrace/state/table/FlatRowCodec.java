package io.millrace.state.table;

import io.millrace.memory.error.MillraceException;

/** Rows as they lie in memory. */
record FlatRowCodec(String layout, int valueBytes) implements RowCodec {
    @Override
    public boolean isFlat() {
        return true;
    }

    @Override
    public void write(long row, StateOutput output) {
        output.putBytes(row, valueBytes);
    }

    @Override
    public void read(StateInput input, long row) {
        input.getBytes(row, valueBytes);
    }

    @Override
    public void free(long row) {}

    @Override
    public void merge(long from, long to) {
        throw MillraceException.internal("rows of layout " + layout + " are not merged");
    }
}
