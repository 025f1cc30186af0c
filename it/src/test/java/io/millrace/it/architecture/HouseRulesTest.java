package io.millrace.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.millrace.it.architecture.fixture.BaseThing;
import io.millrace.it.architecture.fixture.Unrepeatable;
import io.millrace.it.architecture.fixture.one.First;
import io.millrace.it.architecture.fixture.two.Second;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shows that each rule finds what it is there to find. */
class HouseRulesTest {
    private static final String HEADER = "| floor | module | holds | may use | libraries |\n|---|---|---|---|---|\n";

    private final JavaClasses bad =
            new ClassFileImporter().importClasses(BaseThing.class, Unrepeatable.class, First.class, Second.class);

    @Test
    void findsEachCallThatCannotBeReplayed() {
        assertThat(findings(HouseRules.runsCanBeReplayed()))
                .contains("nanoTime", "currentTimeMillis", "sleep", "java.util.Random.<init>()", "Math.random", "now()")
                .doesNotContain("java.util.Random.<init>(long)");
    }

    @Test
    void findsMachineDefaults() {
        assertThat(findings(HouseRules.nothingDependsOnTheMachine()))
                .contains("defaultCharset", "getDefault", "systemDefault");
    }

    @Test
    void findsSerializationBadNamesAndExit() {
        assertThat(findings(HouseRules.noJavaSerialization())).contains("ObjectInputStream");
        assertThat(findings(HouseRules.namesSayWhatAThingIs())).contains("BaseThing").doesNotContain("Unrepeatable");
        assertThat(findings(HouseRules.onlyProgramsEndTheProcess())).contains("exit");
    }

    @Test
    void findsCyclesBetweenPackages() {
        assertThat(findings(HouseRules.packagesHaveNoCycles())).contains("fixture.one", "fixture.two");
    }

    @Test
    void findsArrowsThatPointUp() {
        FloorTable table =
                FloorTable.parse(
                        HEADER
                                + "| 0 | `it/architecture/fixture/one` | x | | |\n"
                                + "| 1 | `it/architecture/fixture/two` | x | `it/architecture/fixture/one` | |\n"
                                + "| - | `it` | x | anything | anything |\n");
        assertThat(table.faults()).isEmpty();
        assertThat(findings(HouseRules.arrowsPointDown(table)))
                .contains("it/architecture/fixture/one: ")
                .doesNotContain("it/architecture/fixture/two: ");
    }

    @Test
    void findsLibrariesThatAModuleMayNotUse() {
        FloorTable table = FloorTable.parse(HEADER + "| 0 | `memory` | x | | `org.agrona` |\n");
        FloorTable.Row memory = table.row("memory").orElseThrow();
        assertThat(table.mayUseLibrary(memory, "org.agrona.concurrent")).isTrue();
        assertThat(table.mayUseLibrary(memory, "org.agronaut")).isFalse();
        assertThat(table.mayUseLibrary(memory, "org.apache.kafka")).isFalse();
    }

    @Test
    void rejectsTablesThatAreNotABuilding() {
        String below = "| 0 | `a` | x | `b` | |\n| 0 | `b` | x | | |\n";
        assertThat(FloorTable.parse(HEADER + below).faults())
                .singleElement()
                .asString()
                .contains("not on a lower floor");
        assertThat(FloorTable.parse(HEADER + "| 0 | `a` | x | `c` | |\n").faults())
                .singleElement()
                .asString()
                .contains("not in the table");
        assertThatThrownBy(() -> FloorTable.parse("no table")).hasMessageContaining("found none");
    }

    @Test
    void usesReachThroughModulesInBetween() {
        FloorTable table =
                FloorTable.parse(HEADER + "| 0 | `a` | x | | |\n| 1 | `b` | x | `a` | |\n| 2 | `c` | x | `b` | |\n");
        FloorTable.Row a = table.row("a").orElseThrow();
        FloorTable.Row c = table.row("c").orElseThrow();
        assertThat(table.mayUse(c, a)).isTrue();
        assertThat(table.mayUse(a, c)).isFalse();
    }

    @Test
    void findsLongFilesAndUndocumentedPackages(@TempDir Path root) throws Exception {
        Path source = root.resolve("m/src/main/java/p/Long.java");
        Files.createDirectories(source.getParent());
        Files.write(source, java.util.Collections.nCopies(11, "//"));
        SourceTree tree = new SourceTree(root);
        assertThat(tree.longerThan(11)).isEmpty();
        assertThat(tree.longerThan(10))
                .containsExactly("m/src/main/java/p/Long.java: expected at most 10 lines, found 11");
        assertThat(tree.undocumentedPackages(5, 40)).singleElement().asString().contains("found none");
        Files.write(source.resolveSibling("package-info.java"), List.of("package p;"));
        assertThat(tree.undocumentedPackages(5, 40)).singleElement().asString().contains("found 1");
        assertThat(tree.crowdedPackages(1)).singleElement().asString().contains("found 2");
    }

    private String findings(ArchRule rule) {
        return String.join("\n", rule.evaluate(bad).getFailureReport().getDetails());
    }
}
