package io.millrace.sql.ddl;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.catalog.CatalogMaterializedView;
import io.millrace.sql.catalog.CatalogView;
import io.millrace.sql.catalog.Connectors;
import io.millrace.sql.catalog.PlannerEnvironment;
import io.millrace.sql.names.NearestName;
import io.millrace.sql.parser.StatementParser;
import io.millrace.sql.statement.Name;
import io.millrace.sql.statement.Statement;
import io.millrace.sql.types.RelTypes;
import io.millrace.sql.validate.RelPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** CREATE VIEW and CREATE MATERIALIZED VIEW to catalog objects. One statement. */
public final class ViewResolver {
    private final RelPlanner planner;

    public ViewResolver(Catalog catalog, Connectors connectors, PlannerEnvironment environment) {
        this.planner = new RelPlanner(catalog, connectors, environment);
    }

    public CatalogView resolve(Statement.CreateView view) {
        Schema schema = RelTypes.toSchema(planner.toRel(StatementParser.parseQuery(view.query())).validatedRowType);
        return new CatalogView(
                view.name().text(), renamed(schema, view.columns(), view.name()), view.query().text(), view.comment());
    }

    /**
     * The catalog's object for a materialized view.
     *
     * @param schema of the query
     * @param derivedKey columns that name a row of the query's result, or none
     */
    public static CatalogMaterializedView materialized(
            Statement.CreateMaterializedView view, Schema schema, List<Integer> derivedKey) {
        Schema renamed = renamed(schema, view.columns(), view.name());
        List<String> key = new ArrayList<>();
        for (Name name : view.primaryKey()) {
            if (renamed.indexOf(name.text()) < 0) {
                throw new MillraceException(ErrorCode.UNKNOWN_COLUMN, "there is no column " + name)
                        .withHelp(
                                NearestName.help(
                                        name.text(), renamed.fields().stream().map(Field::name).toList(), null))
                        .at(name.position());
            }
            key.add(name.text());
        }
        if (key.isEmpty()) {
            derivedKey.forEach(column -> key.add(renamed.name(column)));
        }
        Map<String, String> options = new TreeMap<>();
        view.options().forEach(option -> options.put(option.key(), option.value()));
        return new CatalogMaterializedView(
                view.name().text(), renamed, key, options, view.query().text(), view.comment());
    }

    private static Schema renamed(Schema schema, List<Name> names, Name view) {
        if (!names.isEmpty() && names.size() != schema.size()) {
            throw new MillraceException(
                            ErrorCode.SQL_INVALID,
                            "view " + view + " names " + names.size() + " columns, its query has " + schema.size())
                    .at(names.getFirst().position());
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            Field field = names.isEmpty() ? schema.field(i) : new Field(names.get(i).text(), schema.type(i));
            for (Field earlier : fields) {
                if (earlier.name().equals(field.name())) {
                    throw new MillraceException(
                                    ErrorCode.SQL_INVALID, "view " + view + " has two columns " + field.name())
                            .withHelp("Name them apart with AS.")
                            .at(names.isEmpty() ? view.position() : names.get(i).position());
                }
            }
            fields.add(field);
        }
        return new Schema(fields);
    }
}
