package io.millrace.it.architecture;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The sources and built classes of this repository, found from the directory of the module under test. */
final class SourceTree {
    private static final Set<String> SKIPPED_DIRECTORIES = Set.of("target", ".git", "node_modules", "resources");

    private final Path root;

    SourceTree(Path root) {
        this.root = root;
    }

    /** The tree that this module belongs to. */
    static SourceTree ofThisBuild() {
        String basedir = System.getProperty("basedir");
        Path module = Path.of(basedir == null ? "" : basedir).toAbsolutePath();
        Path root = module.getParent();
        if (!Files.exists(root.resolve("ARCHITECTURE.md"))) {
            throw new IllegalStateException(
                    "expected ARCHITECTURE.md beside the module directory, found none in " + root);
        }
        return new SourceTree(root);
    }

    Path root() {
        return root;
    }

    String architecture() throws IOException {
        return Files.readString(root.resolve("ARCHITECTURE.md"));
    }

    /** Names of the directories, relative to the root, that hold a pom.xml and main or test sources. */
    Set<String> modules() throws IOException {
        Set<String> modules = new TreeSet<>();
        for (Path source : javaSources()) {
            String relative = root.relativize(source).toString();
            int end = relative.indexOf("/src/");
            if (end > 0 && Files.exists(root.resolve(relative.substring(0, end)).resolve("pom.xml"))) {
                modules.add(relative.substring(0, end));
            }
        }
        return modules;
    }

    Path classesOf(String module) {
        return root.resolve(module).resolve("target/classes");
    }

    /** Tells whether a built class comes from a source in this tree, not from a generator. */
    boolean isWritten(URI builtClass) {
        String path = Path.of(builtClass).toString();
        String marker = "/target/classes/";
        int start = path.indexOf(marker);
        int nested = path.indexOf('$', start);
        int end = nested >= 0 ? nested : path.length() - ".class".length();
        String source = path.substring(start + marker.length(), end) + ".java";
        return Files.exists(Path.of(path.substring(0, start)).resolve("src/main/java").resolve(source));
    }

    /** Every Java source of this repository, tests included, generated ones not. */
    List<Path> javaSources() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                        return SKIPPED_DIRECTORIES.contains(directory.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.getFileName().toString().endsWith(".java")) {
                            found.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return found;
    }

    /** Sources longer than a number of lines. */
    List<String> longerThan(int maxLines) throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path source : javaSources()) {
            int lines = Files.readAllLines(source).size();
            if (lines > maxLines) {
                faults.add(root.relativize(source) + ": expected at most " + maxLines + " lines, found " + lines);
            }
        }
        return faults;
    }

    /** Packages of main sources without a package-info.java, or with one too short or too long to be of use. */
    List<String> undocumentedPackages(int minLines, int maxLines) throws IOException {
        Set<Path> packages = new TreeSet<>();
        for (Path source : javaSources()) {
            if (root.relativize(source).toString().contains("src/main/java")) {
                packages.add(source.getParent());
            }
        }
        List<String> faults = new ArrayList<>();
        for (Path directory : packages) {
            Path info = directory.resolve("package-info.java");
            if (!Files.exists(info)) {
                faults.add(root.relativize(directory) + ": expected a package-info.java, found none");
                continue;
            }
            int lines = Files.readAllLines(info).size();
            if (lines < minLines || lines > maxLines) {
                faults.add(
                        root.relativize(info)
                                + ": expected "
                                + minLines
                                + " to "
                                + maxLines
                                + " lines, found "
                                + lines);
            }
        }
        return faults;
    }

    /** Packages with more sources than a reader can hold. */
    List<String> crowdedPackages(int maxFiles) throws IOException {
        Set<String> faults = new TreeSet<>();
        for (Path source : javaSources()) {
            Path directory = source.getParent();
            try (var files = Files.list(directory)) {
                long count = files.filter(file -> file.toString().endsWith(".java")).count();
                if (count > maxFiles) {
                    faults.add(
                            root.relativize(directory) + ": expected at most " + maxFiles + " files, found " + count);
                }
            }
        }
        return List.copyOf(faults);
    }
}
