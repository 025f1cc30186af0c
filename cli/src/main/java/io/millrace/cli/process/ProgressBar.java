package io.millrace.cli.process;

import io.millrace.engine.job.JobStatus;
import io.millrace.engine.job.SourceStatus;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A line on stderr that tells how far a job is, drawn anew a few times a second by a thread of its own, and wiped at
 * the end. Only for terminals; quick jobs never show one.
 */
public final class ProgressBar implements AutoCloseable {
    private static final long FIRST_NANOS = 500_000_000L;
    private static final long EVERY_NANOS = 200_000_000L;
    private static final int BAR_CHARACTERS = 24;

    private final PrintStream err;
    private final Supplier<Optional<JobStatus>> progress;
    private final Thread thread;
    private volatile boolean stopped;
    private boolean drawn;

    private ProgressBar(PrintStream err, Supplier<Optional<JobStatus>> progress) {
        this.err = err;
        this.progress = progress;
        this.thread = Thread.ofPlatform().daemon().name("millrace-progress").unstarted(this::run);
    }

    /** Begins to draw. */
    public static ProgressBar start(PrintStream err, Supplier<Optional<JobStatus>> progress) {
        ProgressBar bar = new ProgressBar(err, progress);
        bar.thread.start();
        return bar;
    }

    private void run() {
        LockSupport.parkNanos(FIRST_NANOS);
        while (!stopped) {
            draw();
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    private synchronized void draw() {
        Optional<JobStatus> status = progress.get();
        if (!stopped && status.isPresent()) {
            err.print("\r\033[K" + text(status.get()));
            err.flush();
            drawn = true;
        }
    }

    /** One line without its end: the share that was read, rows, rows a second, and what is left. */
    static String text(JobStatus status) {
        long rows = status.rowsRead();
        long total = 0;
        long etaMillis = -1;
        for (SourceStatus source : status.sources()) {
            total = source.rowsTotal() < 0 || total < 0 ? -1 : total + source.rowsTotal();
            etaMillis = Math.max(etaMillis, source.etaMillis());
        }
        StringBuilder line = new StringBuilder();
        if (total > 0) {
            double share = Math.min(1, (double) rows / total);
            int filled = (int) Math.round(share * BAR_CHARACTERS);
            line.append('[').append("#".repeat(filled)).append(" ".repeat(BAR_CHARACTERS - filled)).append("] ");
            line.append((int) (share * 100)).append(" %  ");
        }
        line.append(amount(rows)).append(" rows");
        if (status.runMillis() > 0) {
            line.append("  ").append(amount(rows * 1000 / status.runMillis())).append(" rows/s");
        }
        if (total > 0 && etaMillis >= 0 && rows < total) {
            line.append("  ").append(etaMillis / 1000 + 1).append(" s left");
        }
        return line.toString();
    }

    private static String amount(long rows) {
        if (rows >= 1_000_000) {
            return String.format(Locale.ROOT, "%.1f M", rows / 1e6);
        }
        return rows >= 10_000 ? String.format(Locale.ROOT, "%.0f k", rows / 1e3) : String.valueOf(rows);
    }

    /** Wipes the line and draws no more. */
    @Override
    public synchronized void close() {
        if (!stopped) {
            stopped = true;
            LockSupport.unpark(thread);
            if (drawn) {
                err.print("\r\033[K");
                err.flush();
            }
        }
    }
}
