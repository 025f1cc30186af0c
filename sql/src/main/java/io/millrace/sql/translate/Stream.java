package io.millrace.sql.translate;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.Schema;
import java.util.List;

/**
 * What a translated relational operator emits.
 *
 * @param nodes that emit it, several for a union; all with this schema
 * @param layout where in the schema each column of the relational operator stands
 */
record Stream(List<Integer> nodes, Schema schema, List<Integer> layout, ChangelogKind kind, int parallelism) {
    Stream {
        nodes = List.copyOf(nodes);
        layout = List.copyOf(layout);
    }

    boolean isInOrder() {
        if (layout.size() != schema.size()) {
            return false;
        }
        for (int i = 0; i < layout.size(); i++) {
            if (layout.get(i) != i) {
                return false;
            }
        }
        return true;
    }
}
