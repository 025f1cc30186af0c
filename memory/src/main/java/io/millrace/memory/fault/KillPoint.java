package io.millrace.memory.fault;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Named places at which a test makes the process end as {@code kill -9} does, with {@code -Dmillrace.kill=NAME:HIT}:
 * the {@code HIT}-th time the place is reached, 1 being the first; or, with {@code -Dmillrace.hold=NAME:HIT}, makes the
 * thread stand still there for good and say so on stderr. Without these properties a place costs nothing: what decides
 * is a constant to the compiler.
 *
 * <p>Place one before and after each step that another process may find half done, and add its name to {@link #NAMES},
 * so that the test that walks all of them meets it. Any thread.
 */
public final class KillPoint {
    /** All names there are, by where they lie. */
    public static final List<String> NAMES =
            List.of(
                    "storage.publish.linked",
                    "storage.publish.synced",
                    "checkpoint.begin.written",
                    "checkpoint.begin.synced",
                    "checkpoint.begin.published",
                    "checkpoint.file.written",
                    "checkpoint.file.synced",
                    "checkpoint.file.published",
                    "checkpoint.manifest.written",
                    "checkpoint.manifest.synced",
                    "checkpoint.manifest.published",
                    "savepoint.files.taken",
                    "retention.manifest.deleting",
                    "retention.manifest.deleted",
                    "retention.manifest.synced",
                    "retention.file.deleting",
                    "retention.file.deleted",
                    "tier.run.write",
                    "tier.run.written",
                    "tier.run.ingest",
                    "tier.run.ingested",
                    "tier.fold.piece",
                    "tier.fold.replace",
                    "tier.fold.replaced",
                    "tier.checkpoint.copy",
                    "tier.checkpoint.copied",
                    "tier.restore.copy",
                    "tier.restore.copied",
                    "file.sink.sync",
                    "file.sink.synced",
                    "file.sink.fence",
                    "file.sink.fenced",
                    "file.sink.publish",
                    "file.sink.published",
                    "jdbc.sink.fence",
                    "jdbc.sink.fenced",
                    "jdbc.sink.begun",
                    "jdbc.sink.commit",
                    "jdbc.sink.committed",
                    "kafka.sink.fence",
                    "kafka.sink.fenced",
                    "kafka.sink.begin",
                    "kafka.sink.begun",
                    "kafka.sink.send",
                    "kafka.sink.sent",
                    "kafka.sink.commit",
                    "kafka.sink.committed");

    /** The exit code of a process that SIGKILL ended, as a shell shows it. */
    public static final int EXIT_CODE = 137;

    private static final String KILL = "millrace.kill";
    private static final String HOLD = "millrace.hold";
    private static final boolean HOLDS = System.getProperty(HOLD) != null;
    private static final String SETTING = System.getProperty(HOLDS ? HOLD : KILL);
    private static final String WANTED = name(SETTING);
    private static final boolean ENABLED = WANTED != null;
    private static final AtomicLong LEFT = new AtomicLong(hit(SETTING));

    private KillPoint() {}

    private static String name(String setting) {
        if (setting == null) {
            return null;
        }
        String name = setting.substring(0, Math.max(0, setting.lastIndexOf(':')));
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("expected NAME:HIT, found '" + setting + "'");
        }
        return name;
    }

    private static long hit(String setting) {
        return setting == null ? 0 : Long.parseLong(setting.substring(setting.lastIndexOf(':') + 1));
    }

    /** Ends the process, without shutdown hooks, or holds, when this is the place and the time that was asked for. */
    public static void reach(String name) {
        assert NAMES.contains(name) : name + " is not in KillPoint.NAMES";
        if (ENABLED && WANTED.equals(name) && LEFT.decrementAndGet() == 0) {
            if (HOLDS) {
                hold();
            }
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    @SuppressWarnings("InfiniteLoopStatement")
    private static void hold() {
        System.err.println("holds at " + WANTED);
        while (true) {
            LockSupport.park();
        }
    }
}
