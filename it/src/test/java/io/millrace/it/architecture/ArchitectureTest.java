package io.millrace.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds every module of this repository to ARCHITECTURE.md and to the rules of the house. */
class ArchitectureTest {
    private static final int MAX_FILE_LINES = 800;
    private static final int MAX_PACKAGE_FILES = 40;
    private static final Set<String> MAY_MEASURE_TIME = Set.of("benchmarks", "style");

    private static SourceTree tree;
    private static FloorTable table;
    private static JavaClasses all;
    private static JavaClasses engine;

    @BeforeAll
    static void readEverything() throws IOException {
        tree = SourceTree.ofThisBuild();
        table = FloorTable.parse(tree.architecture());
        all = classesOf(Set.of());
        engine = classesOf(MAY_MEASURE_TIME);
    }

    @Test
    void theTableIsSound() {
        assertThat(table.faults()).isEmpty();
    }

    @Test
    void theTableListsTheModulesThatExist() throws IOException {
        List<String> listed = table.rows().stream().map(FloorTable.Row::module).toList();
        assertThat(listed).containsAll(tree.modules());
        assertThat(listed).allSatisfy(module -> assertThat(tree.root().resolve(module).resolve("pom.xml")).exists());
    }

    @Test
    void everyModuleKeepsToItsOwnPackages() throws IOException {
        List<String> strays = new ArrayList<>();
        for (FloorTable.Row row : table.rows()) {
            Path classes = tree.classesOf(row.module());
            if (Files.exists(classes)) {
                for (var type : new ClassFileImporter().importPath(classes)) {
                    if (!table.ownerOf(type.getPackageName()).equals(Optional.of(row))) {
                        strays.add(type.getName() + " is in " + row.module() + ", expected " + row.rootPackage());
                    }
                }
            }
        }
        assertThat(strays).isEmpty();
    }

    @Test
    void arrowsBetweenModulesPointDown() {
        HouseRules.arrowsPointDown(table).check(all);
    }

    @Test
    void packagesHaveNoCycles() {
        HouseRules.packagesHaveNoCycles().check(all);
    }

    @Test
    void namesSayWhatAThingIs() {
        HouseRules.namesSayWhatAThingIs().check(all);
    }

    @Test
    void packagesAreNounsOfTheDomain() {
        HouseRules.packagesAreNounsOfTheDomain().check(all);
    }

    @Test
    void runsCanBeReplayed() {
        HouseRules.runsCanBeReplayed().check(engine);
    }

    @Test
    void nothingDependsOnTheMachine() {
        HouseRules.nothingDependsOnTheMachine().check(all);
    }

    @Test
    void nothingUsesJavaSerialization() {
        HouseRules.noJavaSerialization().check(all);
    }

    @Test
    void onlyProgramsEndTheProcess() {
        HouseRules.onlyProgramsEndTheProcess().check(all);
    }

    @Test
    void everyPackageIsDocumented() throws IOException {
        assertThat(tree.undocumentedPackages(5, 80)).isEmpty();
    }

    @Test
    void filesAreShortEnoughToRead() throws IOException {
        assertThat(tree.longerThan(MAX_FILE_LINES)).isEmpty();
    }

    @Test
    void packagesAreSmallEnoughToHold() throws IOException {
        assertThat(tree.crowdedPackages(MAX_PACKAGE_FILES)).isEmpty();
    }

    /** Classes with a source in the tree: what a generator writes at build time is held by no rule of style. */
    private static JavaClasses classesOf(Set<String> without) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (String module : tree.modules()) {
            if (without.contains(module) || !Files.exists(tree.root().resolve(module).resolve("src/main/java"))) {
                continue;
            }
            Path classes = tree.classesOf(module);
            if (!Files.exists(classes)) {
                throw new IllegalStateException("expected built classes, found none: " + classes);
            }
            paths.add(classes);
        }
        return new ClassFileImporter()
                .withImportOption(location -> tree.isWritten(location.asURI()))
                .importPaths(paths);
    }
}
