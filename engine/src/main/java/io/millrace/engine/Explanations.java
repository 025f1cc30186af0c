package io.millrace.engine;

import io.millrace.sql.statement.StatementSource;
import java.util.Iterator;
import java.util.List;

/** The plans of a script's queries, one after the other. One thread. */
public final class Explanations implements AutoCloseable {
    private final StatementRunner runner;
    private final Iterator<StatementSource> statements;

    Explanations(Session session, List<StatementSource> statements) {
        this.runner = new StatementRunner(session);
        this.statements = statements.iterator();
    }

    /** The plan of the next statement that has one, as text or as one JSON object; null at the end. */
    public String next(boolean json) {
        while (statements.hasNext()) {
            String text = runner.explain(statements.next(), json);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /** Forgets the views that were explained: none of them was filled. */
    @Override
    public void close() {
        runner.forgetExplained();
    }
}
