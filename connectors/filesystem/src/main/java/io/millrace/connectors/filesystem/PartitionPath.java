package io.millrace.connectors.filesystem;

import io.millrace.memory.batch.Batch;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Names of partition directories, as Hive has them: {@code column=value/column=value}, escaped. */
final class PartitionPath {
    static final String NULL_VALUE = "__HIVE_DEFAULT_PARTITION__";
    private static final String ESCAPED = "\"#%'*/:=?\\{}[]^\u007f";

    private PartitionPath() {}

    /** The directory of a row, without a slash at either end. */
    static String of(List<String> names, int[] columns, Batch batch, int row) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < columns.length; i++) {
            path.append(i == 0 ? "" : "/").append(escape(names.get(i))).append('=');
            Object value = batch.column(columns[i]).getObject(row);
            String text = value == null ? "" : text(value);
            path.append(text.isEmpty() ? NULL_VALUE : escape(text));
        }
        return path.toString();
    }

    private static String text(Object value) {
        return switch (value) {
            case LocalDateTime time -> text(time);
            case BigDecimal number -> number.toPlainString();
            default -> value.toString();
        };
    }

    private static String text(LocalDateTime time) {
        String seconds = time.format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT));
        String fraction = String.format(Locale.ROOT, ".%09d", time.getNano()).replaceFirst("\\.?0+$", "");
        return seconds + fraction;
    }

    private static String escape(String text) {
        // A name that is all dots would be another directory.
        boolean dots = text.chars().allMatch(c -> c == '.');
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || ESCAPED.indexOf(c) >= 0 || dots) {
                escaped.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** A directory's values by column. */
    static Map<String, String> values(String path) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String part : path.split("/", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                values.put(unescape(part.substring(0, equals)), unescape(part.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean escaped = text.charAt(i) == '%' && text.substring(i + 1).matches("(?s)[0-9a-fA-F]{2}.*");
            if (escaped) {
                plain.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }
}
