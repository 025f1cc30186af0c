package io.millrace.operators.interpreted;

import io.millrace.operators.kernel.Rows;
import java.util.List;

/** Conditions that must all be true: each is computed for the rows that the ones before it left. */
record ConjunctionFilter(List<Filter> filters) implements Filter {
    @Override
    public Rows select(Frame frame, Rows rows) {
        Rows left = Rows.view(rows.address(), rows.count());
        for (Filter filter : filters) {
            if (left.isEmpty()) {
                break;
            }
            Rows before = left;
            try {
                left = filter.select(frame, before);
            } catch (RuntimeException failure) {
                before.close();
                throw failure;
            }
            if (left.address() == before.address() && left.address() != 0) {
                // A view of the rows before: it lives by their buffer.
                before.setCount(left.count());
                left = before;
            } else {
                before.close();
            }
        }
        return left;
    }

    @Override
    public void close() {
        filters.forEach(Filter::close);
    }
}
