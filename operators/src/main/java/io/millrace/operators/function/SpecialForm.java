package io.millrace.operators.function;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Functions that are no methods: the evaluators know them by kind, because of NULLs, types or what they must not
 * compute.
 */
public enum SpecialForm {
    /** Compares two values of a common type; NULL with NULL. FLOAT and DOUBLE compare as IEEE 754 says. */
    COMPARISON(NullBehaviour.STRICT, "=", "<>", "<", "<=", ">", ">="),
    /** Equality for which NULL is a value. */
    DISTINCTNESS(NullBehaviour.NEVER, "IS DISTINCT FROM", "IS NOT DISTINCT FROM"),
    /**
     * Over numbers; overflow and division of exact numbers by zero are errors. {@code %} has the sign of the dividend.
     */
    ARITHMETIC(NullBehaviour.STRICT, "+", "-", "*", "/", "%"),
    NEGATE(NullBehaviour.STRICT, "NEGATE"),
    /** Two or more; later arguments are computed only where no earlier one has decided. */
    CONNECTIVE(NullBehaviour.CALLED, "AND", "OR"),
    NOT(NullBehaviour.STRICT, "NOT"),
    NULL_TEST(NullBehaviour.NEVER, "IS NULL", "IS NOT NULL"),
    TRUTH_TEST(NullBehaviour.NEVER, "IS TRUE", "IS FALSE", "IS NOT TRUE", "IS NOT FALSE"),
    /** condition, value, condition, value, …, else. */
    CASE(NullBehaviour.CALLED, "CASE"),
    /** condition, then, else. */
    IF(NullBehaviour.CALLED, "IF"),
    /** The first that is not NULL; later arguments are computed only where the earlier are NULL. */
    COALESCE(NullBehaviour.CALLED, "COALESCE", "IFNULL"),
    /** NULL where both are equal, else the first. */
    NULLIF(NullBehaviour.CALLED, "NULLIF"),
    /** NULL when any is NULL. */
    EXTREME(NullBehaviour.STRICT, "GREATEST", "LEAST"),
    /** value, literal, literal, …; NULL when the value is, or when it is none of them and one of them is NULL. */
    MEMBERSHIP(NullBehaviour.CALLED, "IN"),
    /** The target is the call's type. */
    CAST(NullBehaviour.NULLABLE, "CAST", "TRY_CAST"),
    ROW(NullBehaviour.NEVER, "ROW"),
    ARRAY(NullBehaviour.NEVER, "ARRAY"),
    /** key, value, key, value, … */
    MAP(NullBehaviour.NEVER, "MAP"),
    /** row, INT literal: the field at that index from 0. */
    FIELD(NullBehaviour.CALLED, "FIELD"),
    /** array and index from 1, or map and key; NULL when there is none. */
    ITEM(NullBehaviour.NULLABLE, "ITEM"),
    /** Elements of an array or entries of a map. */
    CARDINALITY(NullBehaviour.STRICT, "CARDINALITY");

    private static final Map<String, SpecialForm> BY_NAME = new HashMap<>();

    static {
        for (SpecialForm form : values()) {
            form.names.forEach(name -> BY_NAME.put(name, form));
        }
    }

    private final NullBehaviour nulls;
    private final List<String> names;

    SpecialForm(NullBehaviour nulls, String... names) {
        this.nulls = nulls;
        this.names = List.of(names);
    }

    public List<String> names() {
        return names;
    }

    /** The form of a canonical name, or null. */
    public static SpecialForm of(String name) {
        return BY_NAME.get(name);
    }

    /**
     * What the arguments are cast to and what results, or null when they do not fit. CAST knows no result by itself.
     */
    FunctionSignature resolve(String name, List<DataType> arguments) {
        int count = arguments.size();
        DataType first = count == 0 ? null : arguments.getFirst();
        return switch (this) {
            case COMPARISON, DISTINCTNESS -> count == 2 ? compared(name, arguments) : null;
            case ARITHMETIC -> count == 2 ? computed(name, arguments) : null;
            case NEGATE -> count == 1 && first.kind().isNumeric() ? signature(name, arguments, first) : null;
            case CONNECTIVE ->
                    count >= 2 && allBoolean(arguments) ? signature(name, arguments, DataType.BOOLEAN) : null;
            case NOT, TRUTH_TEST ->
                    count == 1 && allBoolean(arguments) ? signature(name, arguments, DataType.BOOLEAN) : null;
            case NULL_TEST -> count == 1 ? signature(name, arguments, DataType.BOOLEAN) : null;
            case CASE -> count >= 3 && count % 2 == 1 ? branched(name, arguments) : null;
            case IF -> count == 3 ? branched(name, arguments) : null;
            case COALESCE, EXTREME -> count >= 1 ? alike(name, arguments) : null;
            case NULLIF ->
                    count == 2 && TypeRules.common(arguments) != null
                            ? signature(name, arguments, first.withNullable(true))
                            : null;
            case MEMBERSHIP -> count >= 2 ? compared(name, arguments) : null;
            case CAST -> null;
            case ROW -> signature(name, arguments, rowOf(arguments));
            case ARRAY -> arrayOf(name, arguments);
            case MAP -> mapOf(name, arguments);
            case FIELD -> count == 2 && first.kind() == TypeKind.ROW ? signature(name, arguments, null) : null;
            case ITEM -> count == 2 ? itemOf(name, arguments) : null;
            case CARDINALITY ->
                    count == 1 && (first.kind() == TypeKind.ARRAY || first.kind() == TypeKind.MAP)
                            ? signature(name, arguments, DataType.INT)
                            : null;
        };
    }

    private FunctionSignature signature(String name, List<DataType> arguments, DataType result) {
        if (result == null) {
            return null;
        }
        boolean nullable =
                switch (nulls) {
                    case NEVER -> false;
                    case NULLABLE -> true;
                    case STRICT, CALLED -> arguments.stream().anyMatch(DataType::nullable) || this == NULLIF;
                };
        return new FunctionSignature(name, arguments, result.withNullable(nullable), nulls, true);
    }

    private static boolean allBoolean(List<DataType> types) {
        return types.stream().allMatch(type -> type.kind() == TypeKind.BOOLEAN);
    }

    private static List<DataType> castTo(DataType type, List<DataType> arguments) {
        return arguments.stream().map(argument -> type.withNullable(argument.nullable())).toList();
    }

    private FunctionSignature compared(String name, List<DataType> arguments) {
        DataType common = TypeRules.common(arguments);
        return common == null ? null : signature(name, castTo(common, arguments), DataType.BOOLEAN);
    }

    private FunctionSignature alike(String name, List<DataType> arguments) {
        DataType common = TypeRules.common(arguments);
        if (common == null) {
            return null;
        }
        FunctionSignature signature = signature(name, castTo(common, arguments), common);
        boolean present = this == COALESCE && arguments.stream().anyMatch(type -> !type.nullable());
        return present
                ? new FunctionSignature(name, signature.argumentTypes(), common.notNull(), nulls, true)
                : signature;
    }

    /** Numbers keep their own type beside a DECIMAL, except that integers become DECIMAL, and FLOAT and DOUBLE rule. */
    private FunctionSignature computed(String name, List<DataType> arguments) {
        DataType result = TypeRules.arithmetic(name, arguments.get(0), arguments.get(1));
        if (result == null) {
            return null;
        }
        List<DataType> wanted = new ArrayList<>();
        for (DataType argument : arguments) {
            DataType type = result.kind() == TypeKind.DECIMAL ? TypeRules.asDecimal(argument) : result;
            wanted.add(type.withNullable(argument.nullable()));
        }
        return signature(name, wanted, result);
    }

    private FunctionSignature branched(String name, List<DataType> arguments) {
        List<DataType> values = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (isValueOfCase(i, arguments.size())) {
                values.add(arguments.get(i));
            } else if (arguments.get(i).kind() != TypeKind.BOOLEAN) {
                return null;
            }
        }
        DataType common = TypeRules.common(values);
        if (common == null) {
            return null;
        }
        List<DataType> wanted = new ArrayList<>(arguments);
        for (int i = 0; i < wanted.size(); i++) {
            if (isValueOfCase(i, wanted.size())) {
                wanted.set(i, common.withNullable(arguments.get(i).nullable()));
            }
        }
        boolean nullable = values.stream().anyMatch(DataType::nullable);
        return new FunctionSignature(name, wanted, common.withNullable(nullable), nulls, true);
    }

    private static boolean isValueOfCase(int index, int count) {
        return index % 2 == 1 || index == count - 1;
    }

    private static DataType rowOf(List<DataType> arguments) {
        List<io.millrace.memory.types.Field> fields = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            fields.add(new io.millrace.memory.types.Field("EXPR$" + i, arguments.get(i)));
        }
        return DataType.row(fields);
    }

    private FunctionSignature arrayOf(String name, List<DataType> arguments) {
        DataType element = TypeRules.common(arguments);
        if (element == null) {
            return null;
        }
        boolean nullable = arguments.stream().anyMatch(DataType::nullable);
        return signature(name, castTo(element, arguments), DataType.array(element.withNullable(nullable)));
    }

    private FunctionSignature mapOf(String name, List<DataType> arguments) {
        if (arguments.isEmpty() || arguments.size() % 2 != 0) {
            return null;
        }
        List<DataType> keys = new ArrayList<>();
        List<DataType> values = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            keys.add(arguments.get(i));
            values.add(arguments.get(i + 1));
        }
        DataType key = TypeRules.common(keys);
        DataType value = TypeRules.common(values);
        if (key == null || value == null) {
            return null;
        }
        boolean nullable = values.stream().anyMatch(DataType::nullable);
        List<DataType> wanted = new ArrayList<>(arguments);
        for (int i = 0; i < wanted.size(); i++) {
            wanted.set(i, (i % 2 == 0 ? key : value).withNullable(arguments.get(i).nullable()));
        }
        return signature(name, wanted, DataType.map(key, value.withNullable(nullable)));
    }

    private FunctionSignature itemOf(String name, List<DataType> arguments) {
        DataType container = arguments.getFirst();
        if (container.kind() == TypeKind.ARRAY && arguments.get(1).kind().isInteger()) {
            DataType index = DataType.INT.withNullable(arguments.get(1).nullable());
            return signature(name, Arrays.asList(container, index), container.elementType().withNullable(true));
        }
        if (container.kind() != TypeKind.MAP) {
            return null;
        }
        DataType key = container.elementType().children().get(0).type();
        DataType value = container.elementType().children().get(1).type();
        boolean fits = TypeRules.common(List.of(key, arguments.get(1))) != null;
        List<DataType> wanted = Arrays.asList(container, key.withNullable(arguments.get(1).nullable()));
        return fits ? signature(name, Collections.unmodifiableList(wanted), value.withNullable(true)) : null;
    }
}
