package io.millrace.benchmarks.keyed;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one run of one engine is asked, as {@code name=value} arguments of its process. Immutable. */
public record PeerLoad(Map<String, String> options) {
    public PeerLoad {
        options = Map.copyOf(options);
    }

    public static PeerLoad parse(String... arguments) {
        Map<String, String> options = new TreeMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("expected name=value, found " + argument);
            }
            options.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return new PeerLoad(options);
    }

    public List<String> arguments() {
        return new TreeMap<>(options).entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }

    public PeerLoad with(String name, Object value) {
        Map<String, String> changed = new TreeMap<>(options);
        changed.put(name, value.toString());
        return new PeerLoad(changed);
    }

    public String text(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    public int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    public int keys() {
        return number("keys", 1_000_000);
    }

    /** Whether results are due once, at the end, or whenever they change. */
    public boolean atEnd() {
        return switch (text("emit", "each")) {
            case "end" -> true;
            case "each" -> false;
            default -> throw new IllegalArgumentException("emit: expected end or each, found " + text("emit", ""));
        };
    }

    public int parallelism() {
        return number("parallelism", Runtime.getRuntime().availableProcessors());
    }

    /** What the engine may hold of state and rows, beside the Java heap. */
    public int memoryMib() {
        return number("memory-mib", 1024);
    }

    public int checkpointMillis() {
        return number("checkpoint-ms", 10_000);
    }

    /** Its own, for state and checkpoints. */
    public Path directory() {
        return Path.of(options.get("directory"));
    }

    /** All keys once, then as distributed. */
    public KeyedEvents events() {
        KeyChoice.Kind kind =
                switch (text("distribution", "uniform")) {
                    case "uniform" -> KeyChoice.Kind.UNIFORM;
                    case "zipf" -> KeyChoice.Kind.ZIPF;
                    default ->
                            throw new IllegalArgumentException(
                                    "distribution: expected uniform or zipf, found " + text("distribution", ""));
                };
        return new KeyedEvents(new KeyChoice(kind, keys(), number("seed", 7)), keys());
    }
}
