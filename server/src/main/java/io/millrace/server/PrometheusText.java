package io.millrace.server;

import java.util.ArrayList;
import java.util.List;

/** Builds the text format of Prometheus, version 0.0.4: families in the order they were begun. One thread. */
final class PrometheusText {
    private static final String PREFIX = "millrace_";

    private final List<Family> families = new ArrayList<>();

    /** Samples of one name. */
    static final class Family {
        private final String name;
        private final StringBuilder text = new StringBuilder();
        private boolean empty = true;

        private Family(String name, String type, String help) {
            this.name = name;
            text.append("# HELP ").append(name).append(' ').append(help).append('\n');
            text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        }

        /** Adds a sample; labels are names and values in turn. */
        void value(double value, String... labels) {
            boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
            sample(whole ? Long.toString((long) value) : Double.toString(value), labels);
        }

        /** Adds a sample of a whole number; labels are names and values in turn. */
        void value(long value, String... labels) {
            sample(Long.toString(value), labels);
        }

        private void sample(String value, String... labels) {
            empty = false;
            text.append(name);
            for (int i = 0; i < labels.length; i += 2) {
                text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
                text.append(escape(labels[i + 1])).append('"');
            }
            text.append(labels.length == 0 ? " " : "} ");
            text.append(value).append('\n');
        }

        /** Adds a sample if there is one. */
        void known(boolean isKnown, double value, String... labels) {
            if (isKnown) {
                value(value, labels);
            }
        }

        /** Adds a sample of a whole number if there is one. */
        void known(boolean isKnown, long value, String... labels) {
            if (isKnown) {
                value(value, labels);
            }
        }

        private static String escape(String text) {
            return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        }
    }

    Family gauge(String name, String help) {
        return family(name, "gauge", help);
    }

    Family counter(String name, String help) {
        return family(name, "counter", help);
    }

    private Family family(String name, String type, String help) {
        Family family = new Family(PREFIX + name, type, help);
        families.add(family);
        return family;
    }

    @Override
    public String toString() {
        StringBuilder all = new StringBuilder();
        for (Family family : families) {
            if (!family.empty) {
                all.append(family.text);
            }
        }
        return all.toString();
    }
}
