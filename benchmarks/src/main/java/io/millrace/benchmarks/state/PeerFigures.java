package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.Answer;
import io.millrace.benchmarks.keyed.KeyedEvents;
import io.millrace.benchmarks.report.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What one run of one engine left: the lines of its process. */
record PeerFigures(Map<String, String> lines) {
    private static final String SETTING = "setting.";

    static PeerFigures read(Path file) throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            int equals = line.indexOf('=');
            lines.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return new PeerFigures(lines);
    }

    /** Fails unless the answer is that of a recount. */
    void checkAnswer(KeyedEvents events) {
        Answer found =
                new Answer(
                        (long) number("answer_keys"),
                        Long.parseLong(lines.get("answer_count")),
                        Long.parseLong(lines.get("answer_sum")),
                        Long.parseLong(lines.get("answer_checksum")));
        long[] ends = Arrays.stream(lines.get("ends").split(",", -1)).mapToLong(Long::parseLong).toArray();
        Answer expected = Answer.recount(events, ends);
        if (!expected.equals(found)) {
            throw new IllegalStateException("expected " + expected + ", found " + found);
        }
    }

    double number(String name) {
        return Double.parseDouble(lines.get(name));
    }

    double eventsACpuSecond() {
        return number("events") / number("measured_cpu_s");
    }

    /** Without what came after the source was stopped: results that are due at the end. */
    double eventsACpuSecondBeforeTheEnd() {
        return number("events") / (number("measured_cpu_s") - number("finish_cpu_s"));
    }

    double eventsASecond() {
        return number("events") / number("measured_wall_s");
    }

    String inShort() {
        return String.format(
                Locale.ROOT,
                "%,.0f events, %.1f s CPU, %.1f s, %,.0f events/CPU-s, %.0f checkpoints of %,.0f bytes, load %.1f s"
                        + " CPU",
                number("events"),
                number("measured_cpu_s"),
                number("measured_wall_s"),
                eventsACpuSecond(),
                number("checkpoints"),
                bytesACheckpoint(),
                number("load_cpu_s"));
    }

    private double bytesACheckpoint() {
        return number("checkpoint_written_bytes") / Math.max(1, number("checkpoints"));
    }

    static double median(List<PeerFigures> runs, ToDoubleFunction<PeerFigures> figure) {
        return Report.median(runs.stream().mapToDouble(figure).toArray());
    }

    /** Medians, how the engine was set, and the lines of each run. */
    static Map<String, Object> summary(List<PeerFigures> runs) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("events_a_cpu_s", Math.round(median(runs, PeerFigures::eventsACpuSecond)));
        summary.put("events_a_cpu_s_of_each", runs.stream().map(run -> Math.round(run.eventsACpuSecond())).toList());
        double before = median(runs, PeerFigures::eventsACpuSecondBeforeTheEnd);
        summary.put("events_a_cpu_s_before_the_end", Math.round(before));
        summary.put("events_a_s", Math.round(median(runs, PeerFigures::eventsASecond)));
        summary.put("bytes_a_checkpoint", Math.round(median(runs, PeerFigures::bytesACheckpoint)));
        double written = median(runs, run -> run.number("measured_written_bytes") / run.number("events"));
        summary.put("written_bytes_an_event", Report.rounded(written, 1));
        summary.put(
                "peak_resident_mib", Math.round(median(runs, run -> run.number("peak_resident_bytes") / (1 << 20))));
        summary.put("settings", runs.getFirst().lines(true));
        summary.put("runs", runs.stream().map(run -> run.lines(false)).toList());
        return summary;
    }

    private Map<String, String> lines(boolean settings) {
        Map<String, String> some = new LinkedHashMap<>();
        lines.forEach((name, value) -> {
            if (name.startsWith(SETTING) == settings) {
                some.put(settings ? name.substring(SETTING.length()) : name, value);
            }
        });
        return some;
    }
}
