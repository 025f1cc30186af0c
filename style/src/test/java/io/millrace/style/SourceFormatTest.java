package io.millrace.style;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceFormatTest {
    private final SourceFormat format = new SourceFormat(Set.of());

    @Test
    void readsTheLanguageOfTheToolchain() throws Exception {
        String source =
                """
                import module java.base;
                class T { sealed interface A { } record B(int x,int y) implements A { }
                int f(A a){ return switch(a) { case B(var x,_) when x>0->x; case B _->0; }; } }
                """;
        assertThat(format.format(source)).contains("    int f(A a) {", "            case B(var x, _) when x > 0 -> x;");
    }

    @Test
    void keepsLinesUpTo120Columns() throws Exception {
        String statement = "        int sum = " + "1 + ".repeat(24) + "100;";
        assertThat(statement).hasSizeGreaterThan(100).hasSizeLessThanOrEqualTo(120);
        String source = "class T {\n    void f() {\n" + statement + "\n    }\n}\n";
        assertThat(format.format(source)).isEqualTo(source);
    }
}
