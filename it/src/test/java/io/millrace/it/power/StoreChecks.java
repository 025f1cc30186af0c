package io.millrace.it.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.LogEntry;
import java.nio.file.Path;
import java.util.List;

/** What must hold of a store whatever happened to its process. */
final class StoreChecks {
    private StoreChecks() {}

    /** Its newest checkpoint is at least the one that was acknowledged last, and each one there is whole. */
    static void assertWhole(Path location, long acknowledged, String what) {
        CheckpointStore store = CheckpointStore.open(location.toString());
        List<LogEntry> entries = store.entries();
        assertThat(entries.isEmpty() ? 0 : entries.getLast().slot()).as(what).isGreaterThanOrEqualTo(acknowledged);
        for (LogEntry entry : entries) {
            assertThat(entry.damage()).as(what).isNull();
            assertThat(entry.found().verify()).as(what).isEmpty();
        }
    }

    /** And a new incarnation goes on. */
    static void assertGoesOn(Path location) {
        StoreWriter next = new StoreWriter(CheckpointStore.open(location.toString()));
        next.begin();
        assertWhole(location, next.publish().checkpoint(), "a new incarnation");
    }
}
