package io.millrace.sql.validate;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlHopTableFunction;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlTumbleTableFunction;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;

/** The window table functions: the columns of their input, then window_start, window_end and window_time. */
public final class WindowFunctions {
    public static final String START = "window_start";
    public static final String END = "window_end";
    public static final String TIME = "window_time";

    /** How many columns a window table function adds. */
    public static final int ADDED_COLUMNS = 3;

    private static final int WINDOW_PRECISION = 3;

    public static final SqlOperator TUMBLE =
            new SqlTumbleTableFunction() {
                @Override
                public SqlReturnTypeInference getRowTypeInference() {
                    return WindowFunctions::rowType;
                }
            };

    public static final SqlOperator HOP =
            new SqlHopTableFunction() {
                @Override
                public SqlReturnTypeInference getRowTypeInference() {
                    return WindowFunctions::rowType;
                }
            };

    private WindowFunctions() {}

    static List<SqlOperator> all() {
        return List.of(TUMBLE, HOP);
    }

    static List<String> names() {
        return List.of(TUMBLE.getName(), HOP.getName());
    }

    /** How a call is written. */
    static String example(String name) {
        String intervals =
                name.equals(HOP.getName()) ? "INTERVAL '2' SECOND, INTERVAL '10' SECOND" : "INTERVAL '10' SECOND";
        return "TABLE(" + name + "(TABLE t, DESCRIPTOR(time_column), " + intervals + "))";
    }

    private static RelDataType rowType(SqlOperatorBinding binding) {
        RelDataTypeFactory factory = binding.getTypeFactory();
        RelDataType input = binding.getOperandType(0);
        RelDataType boundary = factory.createSqlType(SqlTypeName.TIMESTAMP, WINDOW_PRECISION);
        List<RelDataType> types = new ArrayList<>();
        List<String> names = new ArrayList<>();
        input.getFieldList()
                .forEach(field -> {
                    types.add(field.getType());
                    names.add(field.getName());
                });
        for (String name : List.of(START, END, TIME)) {
            types.add(boundary);
            names.add(name);
        }
        return factory.createStructType(types, names);
    }
}
