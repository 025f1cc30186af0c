package io.millrace.connectors.kafka.broker;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How a broker is started.
 *
 * @param classPath jars and directories that hold Kafka's server and this class
 * @param directory where data and log go; made if absent, and left there
 * @param heapMegabytes {@code -Xmx} of the broker
 * @param properties Kafka's own, over the defaults of {@link BrokerProcess}
 */
public record BrokerConfig(List<Path> classPath, Path directory, int heapMegabytes, Map<String, String> properties) {
    public BrokerConfig {
        classPath = List.copyOf(classPath);
        properties = Map.copyOf(properties);
        if (heapMegabytes < 64) {
            throw new IllegalArgumentException("expected heapMegabytes >= 64, found " + heapMegabytes);
        }
    }

    /** A broker from this process's own class path, with 256 MB. */
    public static BrokerConfig in(Path directory) {
        return new BrokerConfig(ownClassPath(), directory, 256, Map.of());
    }

    public BrokerConfig withProperties(Map<String, String> newProperties) {
        return new BrokerConfig(classPath, directory, heapMegabytes, newProperties);
    }

    /** The class path of this process; under a test runner that hides it in a manifest, the one it stands for. */
    public static List<Path> ownClassPath() {
        String hidden = System.getProperty("surefire.test.class.path");
        String text = hidden == null ? System.getProperty("java.class.path") : hidden;
        return Arrays.stream(text.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .filter(Files::exists)
                .toList();
    }
}
