package io.millrace.cli.demo;

import io.millrace.engine.Millrace;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewPage;
import io.millrace.memory.batch.Batch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the views hold what they must.
 *
 * @param rows of the views that were compared
 * @param firstDifference null when there is none
 */
record Verification(boolean verified, long rows, String firstDifference) {
    static final Verification NONE = new Verification(false, 0, "not verified");

    /** Compares each view with the plain answer and with the engine's batch answer to its query. */
    static Verification of(
            Millrace millrace, List<View> views, DemoEvents events, long endBid, DemoScript bounded, DemoScript job) {
        RowTable.Texts texts = new RowTable.Texts();
        Map<String, RowTable> expected = new LinkedHashMap<>();
        views.forEach(view -> expected.put(view.name(), new RowTable(view.schema(), texts)));
        PlainAnswer.compute(events, endBid, expected);
        long rows = 0;
        for (View view : views) {
            RowTable found = read(view, texts);
            rows += found.rowCount();
            String difference = expected.get(view.name()).firstDifference(found);
            if (difference != null) {
                return new Verification(false, rows, "view " + view.name() + ": " + difference);
            }
        }
        try (Session session = millrace.session()) {
            session.settings().set("execution.runtime-mode", "batch");
            run(session, bounded.text());
            for (View view : views) {
                RowTable batch = query(session, job.queries().get(view.name()), view, texts);
                String difference = expected.get(view.name()).firstDifference(batch);
                if (difference != null) {
                    return new Verification(false, rows, "batch answer of " + view.name() + ": " + difference);
                }
            }
        }
        return new Verification(true, rows, null);
    }

    private static RowTable read(View view, RowTable.Texts texts) {
        RowTable table = new RowTable(view.schema(), texts);
        try (ViewPage page = view.read(Long.MAX_VALUE, 0)) {
            page.forEach((batch, row, isFinal) -> table.add(batch, row));
        }
        return table;
    }

    private static void run(Session session, String sql) {
        try (Results results = session.execute(sql)) {
            results.await();
        }
    }

    private static RowTable query(Session session, String sql, View view, RowTable.Texts texts) {
        RowTable table = new RowTable(view.schema(), texts);
        try (Results results = session.execute(sql);
                Result result = results.next()) {
            for (Batch batch = result.next(); batch != null; batch = result.next()) {
                table.addAll(batch);
            }
        }
        return table;
    }
}
