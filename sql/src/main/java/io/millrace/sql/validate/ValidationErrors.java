package io.millrace.sql.validate;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.sql.grammar.FileTables;
import io.millrace.sql.names.NearestName;
import io.millrace.sql.statement.StatementSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.util.Util;

/** Turns what Calcite's validator says into our errors: a code, one line, the nearest name, the place. */
final class ValidationErrors {
    private static final Pattern NO_OBJECT = Pattern.compile("(?s)(?:Object|Table) '(.*?)' not found.*");
    private static final Pattern NO_COLUMN =
            Pattern.compile("(?s)Column '(.*?)' not found in (?:any table|table '(.*?)').*");
    private static final Pattern NO_FUNCTION =
            Pattern.compile("(?s)No match found for function signature (.*?)\\((.*)\\)");
    private static final Pattern CANNOT_APPLY =
            Pattern.compile(
                    "(?s)Cannot apply '(.*?)' to arguments of type '(.*?)'\\.(?: Supported form\\(s\\): (.*))?");
    private static final Pattern AMBIGUOUS = Pattern.compile("(?s)Column '(.*?)' is ambiguous");
    private static final Pattern NOT_GROUPED = Pattern.compile("(?s)Expression '(.*?)' is not being grouped");
    private static final Pattern ARGUMENT_COUNT =
            Pattern.compile("(?s)Invalid number of arguments to function '(.*?)'\\. Was expecting (.*?) arguments");

    private static final Pattern UNKNOWN_IDENTIFIER = Pattern.compile("(?s)Unknown identifier '(.*?)'");
    private static final List<String> TYPES =
            List.of(
                    "BOOLEAN",
                    "TINYINT",
                    "SMALLINT",
                    "INT",
                    "BIGINT",
                    "FLOAT",
                    "DOUBLE",
                    "DECIMAL",
                    "DATE",
                    "TIME",
                    "TIMESTAMP",
                    "TIMESTAMP_LTZ",
                    "STRING",
                    "VARCHAR",
                    "BYTES",
                    "VARBINARY",
                    "ROW",
                    "ARRAY",
                    "MAP");

    private final SqlNode query;
    private final TableSpace tables;
    private final RelDataTypeFactory types;

    ValidationErrors(SqlNode query, TableSpace tables, RelDataTypeFactory types) {
        this.query = query;
        this.tables = tables;
        this.types = types;
    }

    /** An error in a type name of DDL. */
    static MillraceException ofType(CalciteContextException error) {
        String message = String.valueOf(error.getCause() == null ? error.getMessage() : error.getCause().getMessage());
        Matcher unknown = UNKNOWN_IDENTIFIER.matcher(message);
        MillraceException translated = unknown.matches() ? unknownType(unknown.group(1)) : invalid(oneLine(message));
        return translated.at(position(error));
    }

    private static MillraceException unknownType(String name) {
        return invalid("there is no type " + name)
                .withHelp(NearestName.help(name, TYPES, "There are: " + String.join(", ", TYPES) + "."));
    }

    MillraceException of(CalciteContextException error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        if (cause instanceof MillraceException ours) {
            return ours.position() == null ? ours.at(position(error)) : ours;
        }
        return translate(String.valueOf(cause.getMessage())).at(position(error));
    }

    private MillraceException translate(String message) {
        Matcher object = NO_OBJECT.matcher(message);
        if (object.matches()) {
            return unknownTable(object.group(1));
        }
        Matcher column = NO_COLUMN.matcher(message);
        if (column.matches()) {
            String help = NearestName.help(column.group(1), columns(), null);
            String in = column.group(2) == null ? "" : " in " + column.group(2);
            return new MillraceException(ErrorCode.UNKNOWN_COLUMN, "there is no column " + column.group(1) + in)
                    .withHelp(help);
        }
        Matcher function = NO_FUNCTION.matcher(message);
        if (function.matches()) {
            return unknownFunction(function.group(1), function.group(2));
        }
        Matcher unknown = UNKNOWN_IDENTIFIER.matcher(message);
        if (unknown.matches()) {
            String nearest = NearestName.of(unknown.group(1), columns());
            return nearest == null && NearestName.of(unknown.group(1), TYPES) != null
                    ? unknownType(unknown.group(1))
                    : new MillraceException(ErrorCode.UNKNOWN_COLUMN, "there is no column or type " + unknown.group(1))
                            .withHelp(nearest == null ? null : "Did you mean '" + nearest + "'?");
        }
        Matcher apply = CANNOT_APPLY.matcher(message);
        if (apply.matches()) {
            if (WindowFunctions.names().contains(apply.group(1))) {
                return invalid(apply.group(1) + " takes a TABLE, the DESCRIPTOR of its time column and INTERVALs")
                        .withHelp(
                                "Write "
                                        + WindowFunctions.example(apply.group(1))
                                        + "; the column must be a TIMESTAMP.");
            }
            String arguments = apply.group(2).replace("<", "").replace(">", "");
            return invalid(apply.group(1) + " does not take these types: " + oneLine(arguments))
                    .withHelp("Use CAST to give the arguments other types.");
        }
        Matcher ambiguous = AMBIGUOUS.matcher(message);
        if (ambiguous.matches()) {
            return invalid("column " + ambiguous.group(1) + " is ambiguous")
                    .withHelp("Write the table before it: table.column.");
        }
        Matcher grouped = NOT_GROUPED.matcher(message);
        if (grouped.matches()) {
            return invalid(grouped.group(1) + " is neither grouped nor aggregated")
                    .withHelp("Add it to GROUP BY, or put it in an aggregate such as MAX.");
        }
        Matcher count = ARGUMENT_COUNT.matcher(message);
        if (count.matches()) {
            return invalid(count.group(1) + " takes " + count.group(2) + " arguments");
        }
        return invalid(oneLine(message));
    }

    private Collection<String> columns() {
        return ColumnsInSight.of(query, tables, types);
    }

    private MillraceException unknownTable(String name) {
        List<String> names = tables.names();
        if (names.contains(name)) {
            return new MillraceException(ErrorCode.UNKNOWN_TABLE, "table " + name + " goes by another name here")
                    .withHelp("Write the alias that FROM gives it, or leave the alias out.");
        }
        String fallback =
                names.isEmpty() ? "Declare it with CREATE TABLE, or name a file: FROM 'dir/*.parquet'." : null;
        return new MillraceException(ErrorCode.UNKNOWN_TABLE, "there is no table or view " + name)
                .withHelp(NearestName.help(name, names, fallback));
    }

    private static MillraceException unknownFunction(String name, String arguments) {
        if (FunctionTable.names().contains(name.toUpperCase(Locale.ROOT))) {
            return invalid(name + " does not take (" + arguments.replace("<", "").replace(">", "") + ")");
        }
        return new MillraceException(ErrorCode.UNKNOWN_FUNCTION, "there is no function " + name)
                .withHelp(NearestName.help(name, FunctionTable.names(), "SHOW FUNCTIONS lists them."));
    }

    private static MillraceException invalid(String message) {
        return new MillraceException(ErrorCode.SQL_INVALID, message);
    }

    private static String oneLine(String message) {
        return message.replace("VARCHAR(2147483647)", "STRING")
                .replace("VARBINARY(2147483647)", "BYTES")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static SqlPosition position(CalciteContextException error) {
        return new SqlPosition(Math.max(1, error.getPosLine()), Math.max(1, error.getPosColumn()));
    }

    /** Other failures while validating or converting: ours get the place of the file they are about, if any. */
    static RuntimeException located(RuntimeException error, SqlNode query) {
        if (error instanceof MillraceException ours) {
            return ours.position() == null ? at(ours, query) : ours;
        }
        if (error instanceof CalciteException || error instanceof UnsupportedOperationException) {
            return new MillraceException(
                            ErrorCode.UNSUPPORTED,
                            "this query is not supported: " + oneLine(String.valueOf(error.getMessage())),
                            error)
                    .at(StatementSource.position(query.getParserPosition()));
        }
        return error;
    }

    private static MillraceException at(MillraceException error, SqlNode query) {
        SqlIdentifier[] found = new SqlIdentifier[1];
        try {
            query.accept(
                    new SqlBasicVisitor<Void>() {
                        @Override
                        public Void visit(SqlIdentifier id) {
                            String path = FileTables.path(id.names);
                            String name = path == null ? id.names.getLast() : path;
                            if (String.valueOf(error.getMessage()).contains(name)
                                    && (path != null || name.contains("$"))) {
                                found[0] = id;
                                throw Util.FoundOne.NULL;
                            }
                            return null;
                        }
                    });
        } catch (Util.FoundOne e) {
            Util.swallow(e, null);
        }
        return found[0] == null ? error : error.at(StatementSource.position(found[0].getParserPosition()));
    }
}
