package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.config.MillraceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list of paths in docs/http.md is that of the code. */
class DocumentedRoutesTest {
    private static final Path DOC =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent().resolve("docs/http.md");
    private static final Pattern ROUTE = Pattern.compile("(?m)^\\| `(GET|POST) (/[^`]*)` \\|");

    @Test
    void eachPathIsDocumentedWithItsMethod() throws IOException {
        String text = Files.readString(DOC);
        Set<String> documented =
                ROUTE.matcher(text)
                        .results()
                        .map((MatchResult found) -> found.group(1) + " " + found.group(2))
                        .collect(Collectors.toCollection(TreeSet::new));
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults().withParallelism(1))) {
            Set<String> served = new TreeSet<>();
            for (Routes.Route route : Routes.of(millrace, new RequestCounts()).routes()) {
                boolean isPartOfPage = route.pattern().matches("/\\w+\\.(css|js)");
                if (isPartOfPage) {
                    assertThat(text).contains("`" + route.pattern() + "`");
                } else {
                    served.add(route.method() + " " + route.pattern());
                }
            }
            assertThat(documented).isEqualTo(served);
        }
    }
}
