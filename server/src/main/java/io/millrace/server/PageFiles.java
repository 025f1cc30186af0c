package io.millrace.server;

import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;

/** The page's own files, from the jar. Only names that the route table spells out come here. */
final class PageFiles {
    private PageFiles() {}

    static Reply reply(String name) {
        String type =
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "html" -> "text/html; charset=utf-8";
                    case "css" -> "text/css; charset=utf-8";
                    default -> "text/javascript; charset=utf-8";
                };
        try (InputStream in = PageFiles.class.getResourceAsStream("page/" + name)) {
            if (in == null) {
                throw MillraceException.internal("the jar has no page/" + name);
            }
            return new Reply(200, type, in.readAllBytes());
        } catch (IOException failed) {
            throw MillraceException.internal("cannot read page/" + name + ": " + failed.getMessage());
        }
    }
}
