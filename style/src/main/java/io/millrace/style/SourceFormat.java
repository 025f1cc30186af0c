package io.millrace.style;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Formats every Java source under a root, or tells which ones are not formatted.
 *
 * <p>Files found in good form are remembered by the hash of their content, so a second run reads but does not parse
 * them. The memory also holds the name of the style, so that a change of style forgets it.
 */
public final class SourceFormat {
    private static final int MAX_LINE_LENGTH_CHARS = 120;
    private static final String STYLE_NAME =
            "google-java-format "
                    + Formatter.class.getPackage().getImplementationVersion()
                    + ", 4 spaces, columns: "
                    + MAX_LINE_LENGTH_CHARS;
    private static final Set<String> SKIPPED_DIRECTORIES = Set.of("target", ".git", "node_modules");

    private final Formatter formatter;
    private final Set<String> knownGood;

    SourceFormat(Set<String> knownGood) {
        this.knownGood = knownGood;
        Style style =
                new Style(
                        Style.AOSP.indentationMultiplier(),
                        MAX_LINE_LENGTH_CHARS,
                        Style.AOSP.useTabs(),
                        Style.GOOGLE.importOrder());
        this.formatter = new Formatter(JavaFormatterOptions.builder().style(style).build());
    }

    /**
     * Runs the formatter.
     *
     * @param args mode ({@code check} or {@code write}), root directory, file that remembers what was in good form
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 3 || !(args[0].equals("check") || args[0].equals("write"))) {
            System.err.println("expected arguments: check|write ROOT MEMORY, found " + List.of(args));
            System.exit(2);
        }
        boolean write = args[0].equals("write");
        Path root = Path.of(args[1]).toAbsolutePath().normalize();
        Path memory = Path.of(args[2]);
        SourceFormat format = new SourceFormat(readMemory(memory));
        List<String> complaints = new ArrayList<>();
        Set<String> good = new TreeSet<>();
        for (Path file : sources(root)) {
            format.visit(root, file, write, good, complaints);
        }
        Files.createDirectories(memory.toAbsolutePath().getParent());
        List<String> lines = new ArrayList<>(List.of(STYLE_NAME));
        lines.addAll(good);
        Files.write(memory, lines);
        if (!complaints.isEmpty()) {
            complaints.forEach(System.err::println);
            System.err.println(complaints.size() + " file(s) not formatted. To format: mvn -q -Pformat -pl style");
            System.exit(1);
        }
    }

    /** Returns the formatted text of a source. */
    String format(String source) throws FormatterException {
        return formatter.formatSourceAndFixImports(source);
    }

    private void visit(Path root, Path file, boolean write, Set<String> good, List<String> complaints)
            throws IOException {
        String source = Files.readString(file);
        String hash = hash(source);
        if (knownGood.contains(hash)) {
            good.add(hash);
            return;
        }
        String formatted;
        try {
            formatted = format(source);
        } catch (FormatterException e) {
            complaints.add(root.relativize(file) + ": cannot be parsed: " + e.getMessage());
            return;
        }
        if (formatted.equals(source)) {
            good.add(hash);
        } else if (write) {
            Files.writeString(file, formatted);
            good.add(hash(formatted));
            System.out.println("formatted " + root.relativize(file));
        } else {
            complaints.add(root.relativize(file) + ":" + firstDifference(source, formatted) + ": not formatted");
        }
    }

    private static int firstDifference(String source, String formatted) {
        List<String> before = source.lines().toList();
        List<String> after = formatted.lines().toList();
        int common = Math.min(before.size(), after.size());
        for (int i = 0; i < common; i++) {
            if (!before.get(i).equals(after.get(i))) {
                return i + 1;
            }
        }
        return common + 1;
    }

    private static Set<String> readMemory(Path memory) throws IOException {
        if (!Files.exists(memory)) {
            return new HashSet<>();
        }
        List<String> lines = Files.readAllLines(memory);
        if (lines.isEmpty() || !lines.getFirst().equals(STYLE_NAME)) {
            return new HashSet<>();
        }
        return new HashSet<>(lines.subList(1, lines.size()));
    }

    private static String hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static List<Path> sources(Path root) throws IOException {
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
        Collections.sort(found);
        return found;
    }
}
