package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.config.Setting;
import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatOption;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The lists of options and settings in docs/ are those of the code. */
class DocumentedOptionsTest {
    private static final Path DOCS =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent().resolve("docs");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (required|-|`[^`]+`) \\| .+ \\|");

    /** Key and default of each row of a table whose head names an option or a key, by section. */
    private static Map<String, Map<String, String>> sections(String file) throws IOException {
        Map<String, Map<String, String>> sections = new TreeMap<>();
        String section = "";
        boolean listed = false;
        for (String line : Files.readAllLines(DOCS.resolve(file))) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
            }
            listed = line.startsWith("|") && (listed || line.matches("\\| (option|key) \\| default \\| meaning \\|"));
            Matcher row = ROW.matcher(line);
            if (listed && row.matches()) {
                String before =
                        sections.computeIfAbsent(section, name -> new TreeMap<>())
                                .put(row.group(1), row.group(2).replace("`", ""));
                assertThat(before).as("%s twice", line).isNull();
            } else if (listed && line.startsWith("| `")) {
                throw new AssertionError("expected | `key` | default | meaning |, found " + line);
            }
        }
        return sections;
    }

    private static String word(String defaultValue) {
        return defaultValue == null || defaultValue.isEmpty() ? "-" : defaultValue;
    }

    private static Map<String, String> options(ConnectorFactory connector, Set<String> ofFormats) {
        Map<String, String> options = new TreeMap<>();
        for (Option option : connector.options()) {
            String plain = option.key().replaceFirst("^(key|value)\\.", "");
            if (!ofFormats.contains(plain)) {
                options.put(
                        option.prefix() ? option.key() + "*" : option.key(),
                        option.required() ? "required" : word(option.defaultValue()));
            }
        }
        return options;
    }

    @Test
    void eachOptionOfEachConnectorAndFormatIsDocumentedWithItsDefault() throws IOException {
        Map<String, Map<String, String>> declared = new TreeMap<>();
        Set<String> ofFormats = new TreeSet<>();
        for (FormatFactory format : ServiceLoader.load(FormatFactory.class)) {
            Map<String, String> options = new TreeMap<>();
            for (FormatOption option : format.options()) {
                options.put(option.key(), word(option.defaultValue()));
                ofFormats.add(option.key());
            }
            declared.put("Format " + format.identifier(), options);
        }
        for (ConnectorFactory connector : ServiceLoader.load(ConnectorFactory.class)) {
            Map<String, String> options = options(connector, ofFormats);
            if (connector.getClass().getName().startsWith("io.millrace.connectors.") && !options.isEmpty()) {
                declared.put(connector.identifier(), options);
            }
        }
        Map<String, Map<String, String>> documented = sections("sql/connectors.md");
        Map<String, String> parquet = documented.remove("Format parquet");
        assertThat(documented).isEqualTo(declared);
        assertThat(parquet.keySet()).isEqualTo(parquetOptions());
        String headings = Files.readString(DOCS.resolve("sql/connectors.md"));
        for (ConnectorFactory connector : ServiceLoader.load(ConnectorFactory.class)) {
            if (connector.getClass().getName().startsWith("io.millrace.connectors.")) {
                assertThat(headings)
                        .contains("\n## " + connector.identifier() + "\n", "(#" + connector.identifier() + ")");
            }
        }
    }

    /** As the refusal of another says them. */
    private static Set<String> parquetOptions() {
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults().withParallelism(1));
                Session session = millrace.session()) {
            MillraceException refused =
                    catchThrowableOfType(
                            MillraceException.class,
                            () ->
                                    session.execute(
                                                    "CREATE TABLE t (id BIGINT) WITH ('connector' = 'filesystem',"
                                                            + " 'path' = 't', 'format' = 'parquet',"
                                                            + " 'parquet.unheard-of-by-all' = '1');INSERT INTO t VALUES"
                                                            + " (1)")
                                            .await());
            String known = refused.help().replaceFirst(".*Known: ", "").replaceFirst("\\.$", "");
            return Arrays.stream(known.split(", ", -1)).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void eachSettingIsDocumentedWithItsDefault() throws IOException {
        Map<String, String> declared = new TreeMap<>();
        List.of(Setting.values()).forEach(setting -> declared.put(setting.key(), word(setting.defaultText())));
        assertThat(sections("settings.md")).containsExactly(Map.entry("", declared));
    }
}
