package io.millrace.sql.statement;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Collects what the parser meets inside CREATE TABLE, and refuses what may stand there only once. */
public final class TableElements {
    private final List<ColumnDefinition> columns = new ArrayList<>();
    private final Map<LikeClause.Part, LikeClause.Merge> likeOptions = LikeClause.none();
    private TableDefinition.Watermark watermark;
    private List<Name> primaryKey;
    private Name like;

    public void physical(Name name, SqlDataTypeSpec type, String comment) {
        columns.add(new ColumnDefinition.Physical(fresh(name), type, comment));
    }

    public void computed(Name name, StatementSource expression, String comment) {
        columns.add(new ColumnDefinition.Computed(fresh(name), expression, comment));
    }

    public void metadata(Name name, SqlDataTypeSpec type, String key, boolean virtual, String comment) {
        columns.add(new ColumnDefinition.Metadata(fresh(name), type, key, virtual, comment));
    }

    public void watermark(Name column, StatementSource expression) {
        once(watermark, "WATERMARK", column.position());
        watermark = new TableDefinition.Watermark(column, expression);
    }

    public void primaryKey(List<Name> names, SqlParserPos pos) {
        once(primaryKey, "PRIMARY KEY", StatementSource.position(pos));
        primaryKey = List.copyOf(names);
    }

    public void like(Name table) {
        once(like, "LIKE", table.position());
        like = table;
    }

    public void likeOption(LikeClause.Merge merge, LikeClause.Part part) {
        likeOptions.put(part, merge);
    }

    public Statement createTable(
            StatementSource source,
            Name name,
            boolean temporary,
            boolean ifNotExists,
            String comment,
            List<Name> partitions,
            List<TableOption> options,
            StatementSource query) {
        TableDefinition definition =
                new TableDefinition(
                        columns, watermark, primaryKey == null ? List.of() : primaryKey, partitions, options, comment);
        LikeClause clause = like == null ? null : new LikeClause(like, likeOptions);
        return new Statement.CreateTable(source, name, temporary, ifNotExists, definition, clause, query);
    }

    private Name fresh(Name name) {
        for (ColumnDefinition column : columns) {
            if (column.name().text().equals(name.text())) {
                throw new MillraceException(ErrorCode.SQL_INVALID, "column " + name + " is declared twice")
                        .at(name.position());
            }
        }
        return name;
    }

    private static void once(Object present, String what, SqlPosition at) {
        if (present != null) {
            throw new MillraceException(ErrorCode.SQL_INVALID, "more than one " + what + " in one table").at(at);
        }
    }
}
