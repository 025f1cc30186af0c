package io.millrace.connectors.basic;

import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Rows of objects as people read them: {@code [1, abc, null, [1, 2], {k=v}]}; bytes as Base64. */
final class RowText {
    private RowText() {}

    static void append(StringBuilder text, Object value) {
        switch (value) {
            case List<?> list -> {
                text.append('[');
                String separator = "";
                for (Object element : list) {
                    text.append(separator);
                    append(text, element);
                    separator = ", ";
                }
                text.append(']');
            }
            case Map<?, ?> map -> {
                text.append('{');
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    text.append(separator);
                    append(text, entry.getKey());
                    text.append('=');
                    append(text, entry.getValue());
                    separator = ", ";
                }
                text.append('}');
            }
            case byte[] bytes -> text.append(Base64.getEncoder().encodeToString(bytes));
            case null, default -> text.append(value);
        }
    }
}
