package io.millrace.sql;

import java.util.List;
import java.util.function.Consumer;

/** Writes one JSON value. */
final class JsonText {
    private final StringBuilder text = new StringBuilder();
    private boolean separate;

    void object(Runnable fields) {
        separate();
        text.append('{');
        separate = false;
        fields.run();
        text.append('}');
        separate = true;
    }

    <T> void array(String name, List<T> items, Consumer<T> write) {
        key(name);
        text.append('[');
        separate = false;
        items.forEach(write);
        text.append(']');
        separate = true;
    }

    void field(String name, String value) {
        key(name);
        value(value);
    }

    void field(String name, long value) {
        key(name);
        text.append(value);
        separate = true;
    }

    void field(String name, boolean value) {
        key(name);
        text.append(value);
        separate = true;
    }

    void value(String value) {
        separate();
        quote(value);
        separate = true;
    }

    private void key(String name) {
        separate();
        quote(name);
        text.append(':');
        separate = false;
    }

    private void separate() {
        if (separate) {
            text.append(',');
        }
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
