package io.millrace.operators.contract;

import io.millrace.connectors.api.BadRecord;
import io.millrace.memory.batch.Batch;

/** Where rows go that no result counts: {@code <table>$late} and {@code <table>$bad}. Thread-safe, never blocks. */
public interface SideTables {
    /** Takes the batch; its selected rows came after their window had closed. */
    void late(String table, Batch rows);

    void bad(String table, BadRecord badRecord);

    /** Keeps nothing. */
    SideTables NONE =
            new SideTables() {
                @Override
                public void late(String table, Batch rows) {
                    rows.close();
                }

                @Override
                public void bad(String table, BadRecord badRecord) {}
            };
}
