package io.millrace.sql.types;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelRecordType;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;

/** Calcite's types under our rules: text is UTF-8, and a ROW may be NULL while its members may not. */
public final class SqlTypeFactory extends SqlTypeFactoryImpl {
    public SqlTypeFactory() {
        super(FlinkTypeSystem.INSTANCE);
    }

    @Override
    public Charset getDefaultCharset() {
        return StandardCharsets.UTF_8;
    }

    @Override
    public RelDataType createTypeWithNullability(RelDataType type, boolean nullable) {
        if (type instanceof RelRecordType row && row.isNullable() != nullable) {
            return canonize(new RelRecordType(row.getStructKind(), row.getFieldList(), nullable));
        }
        return super.createTypeWithNullability(type, nullable);
    }
}
