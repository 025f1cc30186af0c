package io.millrace.connectors.kafka;

import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.NearestName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The Kafka client's own properties, as a table gives them ({@code properties.…}): only those that can name neither a
 * class nor a login module nor a provider of configuration, since whoever may write SQL must not thereby run code.
 */
final class ClientProperties {
    static final String PREFIX = "properties.";

    private static final Set<String> BOTH =
            Set.of(
                    "bootstrap.servers",
                    "client.id",
                    "client.dns.lookup",
                    "connections.max.idle.ms",
                    "default.api.timeout.ms",
                    "metadata.max.age.ms",
                    "receive.buffer.bytes",
                    "reconnect.backoff.max.ms",
                    "reconnect.backoff.ms",
                    "request.timeout.ms",
                    "retry.backoff.max.ms",
                    "retry.backoff.ms",
                    "sasl.mechanism",
                    "security.protocol",
                    "send.buffer.bytes",
                    "socket.connection.setup.timeout.max.ms",
                    "socket.connection.setup.timeout.ms",
                    "ssl.cipher.suites",
                    "ssl.enabled.protocols",
                    "ssl.endpoint.identification.algorithm",
                    "ssl.key.password",
                    "ssl.keystore.certificate.chain",
                    "ssl.keystore.key",
                    "ssl.keystore.location",
                    "ssl.keystore.password",
                    "ssl.keystore.type",
                    "ssl.protocol",
                    "ssl.truststore.certificates",
                    "ssl.truststore.location",
                    "ssl.truststore.password",
                    "ssl.truststore.type");
    private static final Set<String> CONSUMER =
            Set.of(
                    "auto.offset.reset",
                    "check.crcs",
                    "client.rack",
                    "enable.auto.commit",
                    "fetch.max.bytes",
                    "fetch.max.wait.ms",
                    "fetch.min.bytes",
                    "group.id",
                    "isolation.level",
                    "max.partition.fetch.bytes",
                    "max.poll.records");
    private static final Set<String> PRODUCER =
            Set.of(
                    "acks",
                    "batch.size",
                    "buffer.memory",
                    "compression.type",
                    "delivery.timeout.ms",
                    "enable.idempotence",
                    "linger.ms",
                    "max.block.ms",
                    "max.in.flight.requests.per.connection",
                    "max.request.size",
                    "retries");

    private ClientProperties() {}

    /** All of a table's client properties, checked; UNKNOWN_OPTION for one that is not allowed. */
    static Map<String, String> of(TableDescriptor table) {
        Map<String, String> properties = new HashMap<>();
        for (Map.Entry<String, String> option : table.options().entrySet()) {
            if (option.getKey().startsWith(PREFIX)) {
                properties.put(check(table, option.getKey()), option.getValue().strip());
            }
        }
        checkValues(table, properties);
        addLogin(table, properties);
        return properties;
    }

    private static String check(TableDescriptor table, String key) {
        String name = key.substring(PREFIX.length());
        if (BOTH.contains(name) || CONSUMER.contains(name) || PRODUCER.contains(name)) {
            return name;
        }
        Set<String> known = new TreeSet<>(BOTH);
        known.addAll(CONSUMER);
        known.addAll(PRODUCER);
        String advice =
                name.startsWith("sasl.jaas")
                        ? "Give 'sasl.username' and 'sasl.password' instead."
                        : NearestName.advice(name, known, "Only properties that cannot name code are taken from SQL.");
        throw new MillraceException(
                        ErrorCode.UNKNOWN_OPTION,
                        "table " + table.name() + ": '" + key + "' is no property that may be set here")
                .withHelp(advice);
    }

    private static void checkValues(TableDescriptor table, Map<String, String> properties) {
        refuse(table, properties, "enable.auto.commit", "false", List.of("false"));
        refuse(table, properties, "ssl.endpoint.identification.algorithm", "https", List.of("https"));
        refuse(
                table,
                properties,
                "auto.offset.reset",
                "earliest, latest or none",
                List.of("earliest", "latest", "none"));
        refuse(
                table,
                properties,
                "isolation.level",
                "read_committed or read_uncommitted",
                List.of("read_committed", "read_uncommitted"));
        refuse(
                table,
                properties,
                "sasl.mechanism",
                "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512",
                List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"));
    }

    private static void refuse(
            TableDescriptor table, Map<String, String> properties, String name, String expected, List<String> allowed) {
        String found = properties.get(name);
        if (found != null && !allowed.contains(found)) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION,
                    "table "
                            + table.name()
                            + ", option '"
                            + PREFIX
                            + name
                            + "': expected "
                            + expected
                            + ", found '"
                            + found
                            + "'");
        }
    }

    private static void addLogin(TableDescriptor table, Map<String, String> properties) {
        String username = table.option("sasl.username");
        String password = table.option("sasl.password");
        if (username == null && password == null) {
            return;
        }
        if (username == null || password == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION,
                    "table " + table.name() + " needs both 'sasl.username' and 'sasl.password'");
        }
        String mechanism = properties.getOrDefault("sasl.mechanism", "PLAIN");
        String module =
                mechanism.equals("PLAIN")
                        ? "org.apache.kafka.common.security.plain.PlainLoginModule"
                        : "org.apache.kafka.common.security.scram.ScramLoginModule";
        properties.put("sasl.mechanism", mechanism);
        properties.put(
                "sasl.jaas.config",
                module + " required username=\"" + quoted(username) + "\" password=\"" + quoted(password) + "\";");
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    static Map<String, Object> forAdmin(Map<String, String> properties) {
        return only(properties, Set.of());
    }

    static Map<String, Object> forConsumer(Map<String, String> properties) {
        Map<String, Object> consumer = only(properties, CONSUMER);
        consumer.putIfAbsent("isolation.level", "read_committed");
        consumer.putIfAbsent("fetch.max.bytes", "4194304");
        consumer.putIfAbsent("max.partition.fetch.bytes", "1048576");
        consumer.putIfAbsent("max.poll.records", "4096");
        consumer.putIfAbsent("receive.buffer.bytes", "1048576");
        consumer.put("auto.offset.reset", "none");
        consumer.put("enable.auto.commit", "false");
        consumer.put("allow.auto.create.topics", "false");
        return consumer;
    }

    static Map<String, Object> forProducer(Map<String, String> properties) {
        Map<String, Object> producer = only(properties, PRODUCER);
        producer.remove("default.api.timeout.ms");
        producer.putIfAbsent("linger.ms", "5");
        producer.putIfAbsent("buffer.memory", "16777216");
        producer.putIfAbsent("delivery.timeout.ms", "120000");
        return producer;
    }

    private static Map<String, Object> only(Map<String, String> properties, Set<String> more) {
        Map<String, Object> kept = new HashMap<>();
        List<String> own = new ArrayList<>(BOTH);
        own.addAll(more);
        own.add("sasl.jaas.config");
        for (String name : own) {
            String value = properties.get(name);
            if (value != null) {
                kept.put(name, value);
            }
        }
        return kept;
    }
}
