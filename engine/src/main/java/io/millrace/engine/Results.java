package io.millrace.engine;

import io.millrace.memory.error.MillraceException;
import io.millrace.sql.statement.StatementSource;
import java.util.Iterator;
import java.util.List;

/** The results of a script, statement by statement: a statement runs when it is its turn. One thread. */
public final class Results implements AutoCloseable {
    private final StatementRunner runner;
    private final Iterator<StatementSource> statements;
    private int number;
    private Result current;
    private Statistics failed;

    Results(StatementRunner runner, List<StatementSource> statements) {
        this.runner = runner;
        this.statements = statements.iterator();
    }

    /**
     * Runs the next statement; null when there is none. Waits first for the end of the one before: rows that were not
     * taken are given up, an INSERT that ends by itself is awaited.
     */
    public Result next() {
        finishCurrent();
        if (!statements.hasNext()) {
            return null;
        }
        number++;
        StatementRunner.Attempt attempt = runner.run(number, statements.next());
        failed = attempt.failed();
        current = attempt.resultOrThrow();
        return current;
    }

    private void finishCurrent() {
        Result before = current;
        current = null;
        if (before != null) {
            try (before) {
                if (before.awaited()) {
                    before.await();
                }
            }
        }
    }

    /** Lets the current statement's job go on by itself; the next statement does not wait for it. */
    public void detach() {
        if (current != null) {
            current.detach();
        }
    }

    /** Of a statement that failed before it had a result; null otherwise. */
    public Statistics failedStatistics() {
        return failed;
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /** Reads everything to the end. */
    public void await() throws MillraceException {
        for (Result result = next(); result != null; result = next()) {
            result.await();
        }
    }
}
