package io.millrace.operators.aggregate;

import io.millrace.memory.batch.BatchBuilder;

/** Groups on their way out, some at a time. One thread; closing it, done or not, ends it. */
public interface Emission extends AutoCloseable {
    /** How far it is. */
    enum Progress {
        /** There is more. */
        MORE,
        /** There is more, which is being read: ask again later. */
        WAITING,
        /** That was all. */
        DONE
    }

    /** Appends up to so many groups, or changes of groups: keys, then results, and a weight where there are weights. */
    Progress append(int max, BatchBuilder output);

    @Override
    void close();

    /** All groups of a table, which is closed in the end. */
    static Emission ofOwned(GroupTable table) {
        return new Emission() {
            private long cursor;

            @Override
            public Progress append(int max, BatchBuilder output) {
                cursor = table.appendAll(cursor, max, output);
                return cursor < 0 ? Progress.DONE : Progress.MORE;
            }

            @Override
            public void close() {
                table.close();
            }
        };
    }
}
