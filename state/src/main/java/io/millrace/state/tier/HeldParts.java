package io.millrace.state.tier;

import io.millrace.memory.error.MillraceException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What steps that may never run are to free: each is closed once, by its step or when the task ends. Thread-safe. */
final class HeldParts {
    private final Set<AutoCloseable> held =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    void add(AutoCloseable part) {
        held.add(part);
    }

    /** Closes it, unless it was already. */
    void letGo(AutoCloseable part) {
        if (held.remove(part)) {
            close(part);
        }
    }

    void letAllGo() {
        List<AutoCloseable> all;
        synchronized (held) {
            all = List.copyOf(held);
        }
        all.forEach(this::letGo);
    }

    /** Null is nothing to close. */
    static void close(AutoCloseable part) {
        if (part != null) {
            try {
                part.close();
            } catch (Exception failed) {
                throw MillraceException.wrap(failed);
            }
        }
    }
}
