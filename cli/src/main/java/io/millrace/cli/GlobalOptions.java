package io.millrace.cli;

import io.millrace.engine.config.Amount;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of every command. */
final class GlobalOptions {
    /** What the launcher has sized the process for. */
    private static final String MEMORY_PROPERTY = "millrace.memory-bytes";

    /** Those whose value is the next word. */
    static final List<String> WITH_VALUE = List.of("--memory", "--parallelism");

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Resident size the process may reach, at least 512m; 2g by default.")
    private String memory;

    @Option(names = "--parallelism", paramLabel = "N", description = "Workers; the number of cores by default.")
    private Integer parallelism;

    @Option(names = "--verbose", description = "Log, and print the stack of an error.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this.")
    @SuppressWarnings("UnusedVariable") // picocli sets it and looks at it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli sets it and looks at it
    private boolean version;

    boolean isVerbose() {
        return verbose;
    }

    /** The engine's configuration. */
    MillraceConfig config(Map<String, String> settings) {
        MillraceConfig config = MillraceConfig.defaults();
        if (memory != null) {
            config = config.withMemoryBytes(Amount.bytes("--memory", memory));
        } else if (System.getProperty(MEMORY_PROPERTY) != null) {
            config = config.withMemoryBytes(Long.getLong(MEMORY_PROPERTY));
        }
        if (parallelism != null) {
            config = config.withParallelism(parallelism);
        }
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            config = config.withSetting(setting.getKey(), setting.getValue());
        }
        return config;
    }

    /** {@code K=V} pairs of {@code --set}. */
    static Map<String, String> settings(Iterable<String> pairs) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new MillraceException(ErrorCode.USAGE, "--set: expected KEY=VALUE, found '" + pair + "'");
            }
            settings.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
        }
        return settings;
    }
}
