package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.error.ErrorCode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a program that fails must look like, whatever went wrong: one message, no stack, nothing on stdout. */
record Refusal(Program program) {
    private static final Pattern PLACE = Pattern.compile("(?m)^ *--> (\\S+):(\\d+):(\\d+)$");

    /** Runs {@code sql -c}. */
    static Refusal ofSql(String sql) {
        return of("sql", "-c", sql);
    }

    static Refusal of(String... args) {
        return new Refusal(Program.run(args));
    }

    /** The error is this one, and its text has these parts. */
    Refusal is(ErrorCode code, String... parts) {
        assertThat(program.err()).startsWith("error[" + code + "]: ");
        assertThat(List.of(parts)).as(program.err()).allMatch(part -> program.err().contains(part));
        assertThat(program.exitCode()).as(program.err()).isEqualTo(code.exitCode());
        assertThat(program.out()).isEmpty();
        assertThat(program.err()).doesNotContain("\tat ", "Exception", "io.millrace.", "java.");
        assertThat(program.err().lines().filter(line -> line.startsWith("error["))).hasSize(1);
        return this;
    }

    /** It points at this place of the statement's text, with a caret under it. */
    Refusal at(int line, int column) {
        Matcher place = PLACE.matcher(program.err());
        assertThat(place.find()).as(program.err()).isTrue();
        assertThat(place.group(2) + ":" + place.group(3)).as(program.err()).isEqualTo(line + ":" + column);
        List<String> lines = program.err().lines().toList();
        int shown = lines.indexOf(place.group().stripTrailing()) + 2;
        int textFrom = lines.get(shown).indexOf(" | ") + 3;
        assertThat(lines.get(shown + 1)).as(program.err()).matches(" +\\| .*\\^.*");
        assertThat(lines.get(shown + 1).indexOf('^')).as(program.err()).isEqualTo(textFrom + column - 1);
        return this;
    }
}
