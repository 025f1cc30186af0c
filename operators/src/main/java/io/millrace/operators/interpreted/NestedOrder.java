package io.millrace.operators.interpreted;

import io.millrace.memory.column.Column;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Order of ROW, ARRAY and MAP values, by way of objects: rare, and never in a hot loop. NULL members come first. */
final class NestedOrder {
    private NestedOrder() {}

    static int compare(Column a, int rowA, Column b, int rowB) {
        return compare(a.getObject(rowA), b.getObject(rowB));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static int compare(Object a, Object b) {
        if (a == null || b == null) {
            return Boolean.compare(a != null, b != null);
        }
        return switch (a) {
            case List<?> list -> compareLists(list, (List<?>) b);
            case Map<?, ?> map -> compareMaps(map, (Map<?, ?>) b);
            case byte[] bytes -> Arrays.compareUnsigned(bytes, (byte[]) b);
            case BigDecimal decimal -> decimal.compareTo((BigDecimal) b);
            default -> ((Comparable) a).compareTo(b);
        };
    }

    private static int compareLists(List<?> a, List<?> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    /** Maps have no order of their own: equal or not. */
    private static int compareMaps(Map<?, ?> a, Map<?, ?> b) {
        if (a.size() != b.size()) {
            return Integer.compare(a.size(), b.size());
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            if (!b.containsKey(entry.getKey()) || compare(entry.getValue(), b.get(entry.getKey())) != 0) {
                return -1;
            }
        }
        return 0;
    }
}
