package io.millrace.cli.demo;

import io.millrace.connectors.nexmark.NexmarkConfig.Timeline;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo's SQL: one file for the job, another for the same queries over the same bids in batch mode. */
final class DemoScript {
    private static final Pattern VIEW =
            Pattern.compile("CREATE\\s+MATERIALIZED\\s+VIEW\\s+(\\w+)[^;]*?\\bAS\\s+(SELECT\\b[^;]*);");
    private static final double NANOS_PER_SECOND = 1e9;

    private final String text;

    private DemoScript(String text) {
        this.text = text;
    }

    static DemoScript job(String historyGlob, String brokers) {
        return new DemoScript(
                resource("demo.sql")
                        .replace("${history}", historyGlob)
                        .replace("${topic}", TopicFeeder.TOPIC)
                        .replace("${brokers}", brokers));
    }

    /**
     * Declares {@code bids} anew: history from the files, then what the generator says of the bids up to {@code
     * endBid}.
     */
    static DemoScript bounded(String historyGlob, DemoEvents events, long endBid) {
        Timeline timeline = events.config().timeline();
        long firstEvent = events.eventOf(events.firstLive());
        long endEvent = endBid > events.firstLive() ? events.eventOf(endBid - 1) + 1 : firstEvent;
        return new DemoScript(
                resource("verify.sql")
                        .replace("${history}", historyGlob)
                        .replace("${seed}", String.valueOf(events.config().seed()))
                        .replace("${first-event}", String.valueOf(firstEvent))
                        .replace("${events}", String.valueOf(endEvent - firstEvent))
                        .replace("${rate}", rate(timeline.delayNanos()))
                        .replace("${later-from}", String.valueOf(timeline.laterFromEvent()))
                        .replace("${later-rate}", rate(timeline.laterDelayNanos())));
    }

    /** Events a second, exactly enough to come back as the same delay. */
    private static String rate(long delayNanos) {
        return String.valueOf(NANOS_PER_SECOND / delayNanos);
    }

    private static String resource(String name) {
        try (InputStream in = DemoScript.class.getResourceAsStream(name)) {
            if (in == null) {
                throw MillraceException.internal("the jar has no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw MillraceException.internal("cannot read " + name + ": " + failed.getMessage());
        }
    }

    String text() {
        return text;
    }

    /** The queries of the materialized views, by name. */
    Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        Matcher views = VIEW.matcher(text.replaceAll("--[^\n]*", ""));
        while (views.find()) {
            queries.put(views.group(1), views.group(2).strip());
        }
        return queries;
    }

    void write(Path file) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw Directories.failed("cannot write " + file, failed);
        }
    }
}
