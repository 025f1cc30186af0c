package io.millrace.sql.catalog;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.sql.names.NearestName;
import io.millrace.sql.statement.DropTarget;
import io.millrace.sql.statement.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables and views of a session, by name; names are case-sensitive. Thread-safe; objects in it are immutable. */
public final class Catalog {
    /** Suffix of the table of rows of a source table that came too late. */
    public static final String LATE_SUFFIX = "$late";

    /** Suffix of the table of records of a source table that could not be decoded. */
    public static final String BAD_SUFFIX = "$bad";

    private final Map<String, CatalogObject> objects = new TreeMap<>();

    public synchronized Optional<CatalogObject> find(String name) {
        return Optional.ofNullable(objects.get(name));
    }

    /** The object of this name, or UNKNOWN_TABLE with the nearest name, at the name's place. */
    public CatalogObject require(Name name) {
        return find(name.text()).orElseThrow(() -> unknown(name.text()).at(name.position()));
    }

    /** The table of this name, or an error at its place: UNKNOWN_TABLE, or SQL_INVALID when it is a view. */
    public CatalogTable requireTable(Name name) {
        if (require(name) instanceof CatalogTable table) {
            return table;
        }
        throw new MillraceException(ErrorCode.SQL_INVALID, name + " is a view, expected a table").at(name.position());
    }

    MillraceException unknown(String name) {
        return new MillraceException(ErrorCode.UNKNOWN_TABLE, "there is no table or view " + name)
                .withHelp(NearestName.help(name, names(), null));
    }

    public synchronized List<String> names() {
        return List.copyOf(objects.keySet());
    }

    /** All objects, by name. */
    public synchronized List<CatalogObject> objects() {
        return new ArrayList<>(objects.values());
    }

    /**
     * Adds an object.
     *
     * @param ifNotExists leave an object of the same name alone instead of failing
     * @param replace put the new one in place of one of the same kind
     * @return whether it was added
     */
    public synchronized boolean create(CatalogObject object, Name name, boolean ifNotExists, boolean replace) {
        CatalogObject present = objects.get(object.name());
        if (present != null) {
            if (ifNotExists) {
                return false;
            }
            if (!replace || !present.kind().equals(object.kind())) {
                throw new MillraceException(
                                ErrorCode.ALREADY_EXISTS, "a " + present.kind() + " " + name + " exists already")
                        .withHelp("DROP it first, or write IF NOT EXISTS.")
                        .at(name.position());
            }
        }
        objects.put(object.name(), object);
        return true;
    }

    /** Removes an object; returns it, or empty when there is none and {@code ifExists}. */
    public synchronized Optional<CatalogObject> drop(DropTarget target, Name name, boolean ifExists) {
        CatalogObject present = objects.get(name.text());
        if (present == null) {
            if (ifExists) {
                return Optional.empty();
            }
            throw unknown(name.text()).at(name.position());
        }
        if (!present.kind().equals(target.words())) {
            throw new MillraceException(
                            ErrorCode.SQL_INVALID, name + " is a " + present.kind() + ", expected a " + target.words())
                    .at(name.position());
        }
        objects.remove(name.text());
        return Optional.of(present);
    }
}
