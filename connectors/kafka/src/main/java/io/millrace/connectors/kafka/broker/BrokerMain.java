package io.millrace.connectors.kafka.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;

/**
 * The main class of the broker's process: formats the storage when it is new, then runs Kafka. Arguments: the
 * properties file, the cluster id, and {@code format} or {@code reuse}.
 */
public final class BrokerMain {
    private BrokerMain() {}

    /** Runs until it is told to stop or its standard input ends. */
    public static void main(String[] args) throws ReflectiveOperationException {
        endWithParent(System.in);
        try {
            if (args[2].equals("format")) {
                format(args[0], args[1]);
            }
            // By name: Kafka's server is on the class path of this process only, not on this module's.
            Class.forName("kafka.Kafka")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {args[0]});
        } catch (InvocationTargetException failed) {
            failed.getCause().printStackTrace(System.err);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void format(String properties, String clusterId) throws ReflectiveOperationException {
        Object result =
                Class.forName("kafka.tools.StorageTool")
                        .getMethod("execute", String[].class, PrintStream.class)
                        .invoke(
                                null,
                                new String[] {"format", "--cluster-id", clusterId, "--config", properties},
                                System.out);
        if (!Integer.valueOf(0).equals(result)) {
            System.err.println("formatting the storage failed: result=" + result);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void endWithParent(InputStream fromParent) {
        Thread watch = new Thread(() -> awaitEnd(fromParent), "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void awaitEnd(InputStream fromParent) {
        try {
            while (fromParent.read() >= 0) {
                // Nothing is ever sent.
            }
        } catch (IOException gone) {
            System.err.println("parent's pipe broke: " + gone.getMessage());
        }
        Runtime.getRuntime().halt(143);
    }
}
