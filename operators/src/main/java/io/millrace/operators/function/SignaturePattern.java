package io.millrace.operators.function;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import java.util.ArrayList;
import java.util.List;

/** What one overload takes and gives, read from the text in {@link SqlFunction#signature}. */
record SignaturePattern(String text, List<String> parameters, boolean variadic, String result) {
    static SignaturePattern parse(String text) {
        int arrow = text.indexOf("->");
        String list = text.substring(text.indexOf('(') + 1, text.lastIndexOf(')', arrow)).trim();
        List<String> parameters = new ArrayList<>();
        boolean variadic = false;
        for (int from = 0; from < list.length(); ) {
            int comma = list.indexOf(',', from);
            String word = list.substring(from, comma < 0 ? list.length() : comma).trim();
            variadic = word.endsWith("...");
            parameters.add(variadic ? word.substring(0, word.length() - 3) : word);
            from = comma < 0 ? list.length() : comma + 1;
        }
        return new SignaturePattern(text, List.copyOf(parameters), variadic, text.substring(arrow + 2).trim());
    }

    String parameter(int index) {
        return parameters.get(Math.min(index, parameters.size() - 1));
    }

    /** What each argument is to be cast to, or null when these arguments do not fit. */
    List<DataType> match(List<DataType> arguments) {
        boolean fits = variadic ? arguments.size() >= parameters.size() : arguments.size() == parameters.size();
        if (!fits) {
            return null;
        }
        List<DataType> types = new ArrayList<>(arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            DataType type = match(parameter(i), arguments.get(i));
            if (type == null) {
                return null;
            }
            types.add(type);
        }
        return types;
    }

    private static DataType match(String word, DataType argument) {
        if (word.equals("ANY")) {
            return argument;
        }
        if (word.equals("INTEGER")) {
            return argument.kind().isInteger() ? argument : null;
        }
        if (word.equals("DECIMAL")) {
            DataType decimal = TypeRules.asDecimal(argument);
            return decimal == null ? null : decimal.withNullable(argument.nullable());
        }
        if (word.equals("TIMESTAMP") && argument.kind() == TypeKind.DATE) {
            return DataType.timestamp(0).withNullable(argument.nullable());
        }
        DataType wanted = type(word);
        if (wanted.kind() == argument.kind()) {
            return argument;
        }
        return TypeRules.wideningSteps(argument, wanted) < 0 ? null : wanted.withNullable(argument.nullable());
    }

    /** How far the arguments are from what is taken, for the choice among overloads that all fit. */
    int distance(List<DataType> arguments, List<DataType> matched) {
        int steps = 0;
        for (int i = 0; i < arguments.size(); i++) {
            String word = parameter(i);
            steps += word.equals("ANY") ? 20 : Math.max(0, TypeRules.wideningSteps(arguments.get(i), matched.get(i)));
        }
        return steps + (variadic ? 1 : 0);
    }

    DataType resultOf(List<DataType> arguments) {
        if (result.startsWith("$")) {
            return arguments.get(Integer.parseInt(result.substring(1)));
        }
        if (result.equals("WHOLE($0)")) {
            return DataType.decimal(arguments.getFirst().precision(), 0);
        }
        if (result.equals("WIDER($0)")) {
            DataType first = arguments.getFirst();
            return DataType.decimal(Math.min(DataType.MAX_DECIMAL_PRECISION, first.precision() + 1), first.scale());
        }
        return type(result);
    }

    private static DataType type(String word) {
        return switch (word) {
            case "BOOLEAN" -> DataType.BOOLEAN;
            case "TINYINT" -> DataType.TINYINT;
            case "SMALLINT" -> DataType.SMALLINT;
            case "INT" -> DataType.INT;
            case "BIGINT" -> DataType.BIGINT;
            case "FLOAT" -> DataType.FLOAT;
            case "DOUBLE" -> DataType.DOUBLE;
            case "DATE" -> DataType.DATE;
            case "TIME" -> DataType.time(0);
            case "TIMESTAMP" -> DataType.TIMESTAMP;
            case "TIMESTAMP(6)" -> DataType.timestamp(6);
            case "TIMESTAMP_LTZ" -> DataType.timestampLtz(3);
            case "TIMESTAMP_LTZ(6)" -> DataType.timestampLtz(6);
            case "STRING" -> DataType.VARCHAR;
            case "BYTES" -> DataType.BINARY;
            case "ARRAY<STRING>" -> DataType.array(DataType.VARCHAR);
            default -> throw new IllegalArgumentException("expected a type, found " + word);
        };
    }
}
