package io.millrace.it.architecture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The table of modules in ARCHITECTURE.md: which floor each stands on and what it may use. */
final class FloorTable {
    private static final List<String> HEADER = List.of("floor", "module", "holds", "may use", "libraries");
    private static final String ANYTHING = "anything";

    /**
     * One line of the table.
     *
     * @param floor empty for modules that stand beside the building and may use anything
     * @param mayUse names of modules, or {@code anything}
     * @param libraries package prefixes, or {@code anything}
     */
    record Row(Optional<Integer> floor, String module, Set<String> mayUse, Set<String> libraries) {
        String rootPackage() {
            return "io.millrace." + module.replace('/', '.');
        }
    }

    private final Map<String, Row> rows;

    private FloorTable(Map<String, Row> rows) {
        this.rows = rows;
    }

    /** Reads the first table that has the expected header. */
    static FloorTable parse(String markdown) {
        Map<String, Row> rows = new LinkedHashMap<>();
        boolean inTable = false;
        for (String line : markdown.lines().toList()) {
            if (!line.startsWith("|")) {
                inTable = false;
                continue;
            }
            List<String> cells = cells(line);
            if (cells.equals(HEADER)) {
                inTable = true;
            } else if (inTable && !cells.getFirst().startsWith("---")) {
                if (cells.size() != HEADER.size()) {
                    throw new IllegalArgumentException(
                            "expected " + HEADER.size() + " cells, found " + cells.size() + " in: " + line);
                }
                Row row = row(cells);
                if (rows.put(row.module(), row) != null) {
                    throw new IllegalArgumentException("module listed twice: " + row.module());
                }
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("expected a table with the header " + HEADER + ", found none");
        }
        return new FloorTable(rows);
    }

    Collection<Row> rows() {
        return rows.values();
    }

    Optional<Row> row(String module) {
        return Optional.ofNullable(rows.get(module));
    }

    /** The module that owns a package: the one with the longest root package that contains it. */
    Optional<Row> ownerOf(String packageName) {
        Row owner = null;
        for (Row row : rows.values()) {
            String root = row.rootPackage();
            boolean contains = packageName.equals(root) || packageName.startsWith(root + ".");
            if (contains && (owner == null || root.length() > owner.rootPackage().length())) {
                owner = row;
            }
        }
        return Optional.ofNullable(owner);
    }

    boolean mayUse(Row user, Row used) {
        return user.equals(used) || user.mayUse().contains(ANYTHING) || reachable(user).contains(used.module());
    }

    boolean mayUseLibrary(Row user, String packageName) {
        return user.libraries().contains(ANYTHING)
                || user.libraries().stream()
                        .anyMatch(prefix -> packageName.equals(prefix) || packageName.startsWith(prefix + "."));
    }

    /** What is wrong with the table itself: unknown names and arrows that do not point down. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (Row row : rows.values()) {
            if (row.mayUse().contains(ANYTHING)) {
                continue;
            }
            for (String name : row.mayUse()) {
                Row used = rows.get(name);
                if (used == null) {
                    faults.add(row.module() + " may use " + name + ", which is not in the table");
                } else if (row.floor().isPresent() && (used.floor().isEmpty() || !pointsDown(row, used))) {
                    faults.add(row.module() + " may use " + name + ", which is not on a lower floor");
                }
            }
        }
        return faults;
    }

    /** On one floor connectors may stand on nothing but lower floors, too: equal is not down. */
    private static boolean pointsDown(Row user, Row used) {
        return used.floor().orElseThrow() < user.floor().orElseThrow();
    }

    private Set<String> reachable(Row from) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(from.mayUse());
        while (!open.isEmpty()) {
            String name = open.pop();
            Row row = rows.get(name);
            if (row != null && seen.add(name)) {
                open.addAll(row.mayUse());
            }
        }
        return seen;
    }

    private static Row row(List<String> cells) {
        Optional<Integer> floor =
                cells.getFirst().equals("-") ? Optional.empty() : Optional.of(Integer.valueOf(cells.getFirst()));
        return new Row(floor, unquoted(cells.get(1)), names(cells.get(3)), names(cells.get(4)));
    }

    private static Set<String> names(String cell) {
        Set<String> names = new HashSet<>();
        for (String part : Arrays.asList(cell.split(",", -1))) {
            String name = unquoted(part.strip());
            if (!name.isEmpty() && !name.equals("nothing")) {
                names.add(name);
            }
        }
        return names;
    }

    private static String unquoted(String cell) {
        return cell.replace("`", "");
    }

    private static List<String> cells(String line) {
        String inner = line.strip();
        inner = inner.substring(1, inner.endsWith("|") ? inner.length() - 1 : inner.length());
        return Arrays.stream(inner.split("\\|", -1)).map(String::strip).toList();
    }
}
