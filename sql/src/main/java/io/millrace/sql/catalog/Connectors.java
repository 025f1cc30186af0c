package io.millrace.sql.catalog;

import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.sql.names.NearestName;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * The connectors there are, by the name users give them. They are looked for when one is first asked for, because that
 * opens every jar on the class path. Thread-safe.
 */
public final class Connectors {
    private final Iterable<ConnectorFactory> all;
    private Map<String, ConnectorFactory> byIdentifier;

    private Connectors(Iterable<ConnectorFactory> all) {
        this.all = all;
    }

    private synchronized Map<String, ConnectorFactory> factories() {
        if (byIdentifier == null) {
            byIdentifier = index(all);
        }
        return byIdentifier;
    }

    private static Map<String, ConnectorFactory> index(Iterable<ConnectorFactory> all) {
        Map<String, ConnectorFactory> factories = new TreeMap<>();
        for (ConnectorFactory factory : all) {
            ConnectorFactory other = factories.put(factory.identifier(), factory);
            if (other != null) {
                throw MillraceException.internal(
                        "two connectors are called '"
                                + factory.identifier()
                                + "': "
                                + other.getClass().getName()
                                + " and "
                                + factory.getClass().getName());
            }
        }
        return Collections.unmodifiableMap(factories);
    }

    /** All that the class loader finds. */
    public static Connectors load(ClassLoader loader) {
        return new Connectors(ServiceLoader.load(ConnectorFactory.class, loader));
    }

    public static Connectors of(ConnectorFactory... factories) {
        return new Connectors(List.of(factories));
    }

    public Collection<String> identifiers() {
        return factories().keySet();
    }

    /** The connector of this name, or an error that names the nearest. */
    public ConnectorFactory require(String identifier) {
        Map<String, ConnectorFactory> factories = factories();
        ConnectorFactory factory = factories.get(identifier);
        if (factory == null) {
            throw new MillraceException(ErrorCode.INVALID_OPTION, "there is no connector '" + identifier + "'")
                    .withHelp(
                            NearestName.help(
                                    identifier,
                                    factories.keySet(),
                                    "There are: " + String.join(", ", factories.keySet()) + "."));
        }
        return factory;
    }
}
