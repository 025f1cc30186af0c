package io.millrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What was built: the version, and the commit when the build knew it. */
public final class Version implements IVersionProvider {
    private static final String RESOURCE = "/io/millrace/cli/version.properties";

    /** For picocli. */
    public Version() {}

    private static Properties properties() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException unreadable) {
            return properties;
        }
        return properties;
    }

    /** The version of the build. */
    public static String number() {
        return properties().getProperty("version", "unknown");
    }

    /** The commit that was built, or {@code unknown}. */
    public static String commit() {
        return properties().getProperty("commit", "unknown");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"millrace " + number()};
    }
}
