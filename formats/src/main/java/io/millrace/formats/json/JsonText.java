package io.millrace.formats.json;

import java.nio.charset.StandardCharsets;

/** The rare ways: escapes on the heap. */
final class JsonText {
    private JsonText() {}

    /** The text of a string whose grammar was checked, without its escapes. */
    static String unescape(byte[] raw) {
        String text = new String(raw, StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            i++;
            switch (text.charAt(i)) {
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'u' -> {
                    out.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
