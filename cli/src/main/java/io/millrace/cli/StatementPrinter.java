package io.millrace.cli;

import io.millrace.cli.output.LinePrinter;
import io.millrace.cli.output.OutputFormat;
import io.millrace.cli.output.RowPrinter;
import io.millrace.cli.output.TimingText;
import io.millrace.cli.process.Interrupts;
import io.millrace.cli.process.ProgressBar;
import io.millrace.cli.process.Terminal;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.Statistics;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.util.Locale;

/** Runs the statements of a script and prints what they give. One thread. */
final class StatementPrinter {
    private final Session session;
    private final Streams streams;
    private final OutputFormat format;
    private final boolean timing;
    private final Interrupts interrupts;
    private final Warnings warnings;
    private final boolean showsProgress = Terminal.isError();

    StatementPrinter(
            Session session,
            Streams streams,
            OutputFormat format,
            boolean timing,
            Interrupts interrupts,
            Warnings warnings) {
        this.warnings = warnings;
        this.session = session;
        this.streams = streams;
        this.format = format;
        this.timing = timing;
        this.interrupts = interrupts;
    }

    /** The reader of stdout has gone away: nobody wants the rest. */
    static final class OutputClosed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Runs all statements.
     *
     * @param detaches whether a job that never ends goes on while the next statement runs
     * @return false when a signal stopped one, and those after it did not run
     */
    boolean run(String sql, boolean detaches) {
        try (Results results = session.execute(sql)) {
            while (true) {
                Result result;
                try {
                    result = results.next();
                } catch (MillraceException failure) {
                    print(results.failedStatistics());
                    throw failure;
                }
                if (result == null) {
                    return true;
                }
                if (!run(results, result, detaches)) {
                    return false;
                }
            }
        }
    }

    private boolean run(Results results, Result result, boolean detaches) {
        if (detaches && result.runsForever()) {
            results.detach();
            streams.err().println("job " + result.job().orElseThrow().name() + " runs");
            return true;
        }
        interrupts.onSignal(result::cancel);
        try (ProgressBar bar = showsProgress ? ProgressBar.start(streams.err(), result::progress) : null) {
            print(result, bar);
        } catch (MillraceException failure) {
            if (failure.code() != ErrorCode.CANCELLED || !interrupts.isAsked()) {
                throw failure;
            }
        } finally {
            interrupts.onSignal(null);
            warnings.ofRows(session.millrace().sideTables(), "in the same session SELECT * FROM %s shows them");
            print(result.statistics());
        }
        return !interrupts.isAsked();
    }

    private void print(Result result, ProgressBar bar) {
        if (result.schema() == null) {
            result.await();
            return;
        }
        // A plan is one column of text that has its own shape; where memory is, is a table.
        boolean plan = result.kind().equals("explain") && result.schema().size() == 1 && format == OutputFormat.TABLE;
        RowPrinter printer =
                plan ? new LinePrinter(streams.out()) : format.printer(streams.out(), session.settings().zone());
        try {
            printer.begin(result.schema());
            boolean live = "streaming".equals(result.mode());
            for (Batch batch = result.next(); batch != null; batch = result.next()) {
                if (bar != null) {
                    bar.close();
                }
                printer.print(batch);
                if (live) {
                    printer.flush();
                }
            }
            printer.end();
        } catch (IOException failed) {
            throw outputFailed(failed);
        }
    }

    private static RuntimeException outputFailed(IOException failed) {
        String message = String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("broken pipe")) {
            return new OutputClosed();
        }
        ErrorCode code = message.contains("no space left") ? ErrorCode.DISK_FULL : ErrorCode.IO_FAILED;
        return new MillraceException(code, "cannot write to stdout: " + failed.getMessage(), failed);
    }

    private void print(Statistics statistics) {
        if (timing && statistics != null) {
            streams.err().print(TimingText.of(statistics));
            streams.err().flush();
        }
    }
}
