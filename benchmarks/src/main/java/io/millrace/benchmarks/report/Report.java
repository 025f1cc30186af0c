package io.millrace.benchmarks.report;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The figures of one run, in the order they were put. One thread. */
public final class Report {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** A report that begins with what is measured, where, by which JDK and of which commit. */
    public Report(String benchmark) {
        fields.put("benchmark", benchmark);
        fields.put("machine", machine());
        fields.put("jdk", Runtime.version().toString());
        fields.put("commit", commit());
    }

    /** Adds a figure, a text, or a map or list of them. */
    public Report put(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    /** The middle one of the values, the greater of two. */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** To so many digits behind the point. */
    public static double rounded(double value, int digits) {
        double unit = Math.pow(10, digits);
        return Math.round(value * unit) / unit;
    }

    /** Prints it, and writes it to the file unless that is null. */
    public void publish(Path file) throws IOException {
        String json = new ObjectMapper().writer(new DefaultPrettyPrinter()).writeValueAsString(fields);
        System.out.println(json);
        if (file != null) {
            Files.writeString(file, json + "\n", StandardCharsets.UTF_8);
        }
    }

    private static Map<String, Object> machine() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", firstValue(Path.of("/proc/cpuinfo"), "model name"));
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("memory", firstValue(Path.of("/proc/meminfo"), "MemTotal"));
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        return machine;
    }

    private static String firstValue(Path file, String name) {
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException unreadable) {
            return "unknown";
        }
    }

    /** Of the working directory's repository; with {@code +} when something in it was changed since. */
    private static String commit() {
        String head = output("git", "rev-parse", "--short=7", "HEAD");
        return head.isEmpty() ? "unknown" : head + (output("git", "status", "--porcelain").isEmpty() ? "" : "+");
    }

    private static String output(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.strip() : "";
        } catch (IOException noGit) {
            return "";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
