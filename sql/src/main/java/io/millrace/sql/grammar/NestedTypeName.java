package io.millrace.sql.grammar;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.util.Litmus;

/** {@code ARRAY<t>}, {@code MAP<k, v>} or {@code ROW<name t, …>}; each member keeps its own nullability. */
public final class NestedTypeName extends SqlTypeNameSpec {
    private final SqlTypeName kind;
    private final List<String> names;
    private final List<SqlDataTypeSpec> members;

    private NestedTypeName(SqlTypeName kind, List<String> names, List<SqlDataTypeSpec> members, SqlParserPos pos) {
        super(new SqlIdentifier(kind.getName(), pos), pos);
        this.kind = kind;
        this.names = List.copyOf(names);
        this.members = List.copyOf(members);
    }

    public static NestedTypeName array(SqlDataTypeSpec element, SqlParserPos pos) {
        return new NestedTypeName(SqlTypeName.ARRAY, List.of(), List.of(element), pos);
    }

    public static NestedTypeName map(SqlDataTypeSpec key, SqlDataTypeSpec value, SqlParserPos pos) {
        return new NestedTypeName(SqlTypeName.MAP, List.of(), List.of(key, value), pos);
    }

    public static NestedTypeName row(List<String> names, List<SqlDataTypeSpec> types, SqlParserPos pos) {
        return new NestedTypeName(SqlTypeName.ROW, names, types, pos);
    }

    @Override
    public RelDataType deriveType(SqlValidator validator) {
        RelDataTypeFactory factory = validator.getTypeFactory();
        List<RelDataType> types = members.stream().map(member -> member.deriveType(validator, true)).toList();
        return switch (kind) {
            case ARRAY -> factory.createArrayType(types.getFirst(), -1);
            case MAP -> factory.createMapType(types.get(0), types.get(1));
            default -> factory.createStructType(types, names);
        };
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
        writer.keyword(kind.getName());
        SqlWriter.Frame frame = writer.startList(SqlWriter.FrameTypeEnum.FUN_CALL, "<", ">");
        for (int i = 0; i < members.size(); i++) {
            writer.sep(",");
            if (kind == SqlTypeName.ROW) {
                writer.identifier(names.get(i), true);
            }
            members.get(i).unparse(writer, 0, 0);
            if (Boolean.FALSE.equals(members.get(i).getNullable())) {
                writer.keyword("NOT NULL");
            }
        }
        writer.endList(frame);
    }

    @Override
    public boolean equalsDeep(SqlTypeNameSpec other, Litmus litmus) {
        return other instanceof NestedTypeName that
                        && kind == that.kind
                        && names.equals(that.names)
                        && members.size() == that.members.size()
                        && sameMembers(that)
                ? litmus.succeed()
                : litmus.fail("{} != {}", this, other);
    }

    private boolean sameMembers(NestedTypeName that) {
        for (int i = 0; i < members.size(); i++) {
            if (!members.get(i).equalsDeep(that.members.get(i), Litmus.IGNORE)) {
                return false;
            }
        }
        return true;
    }
}
