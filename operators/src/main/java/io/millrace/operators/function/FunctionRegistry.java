package io.millrace.operators.function;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Every scalar function there is: {@link SpecialForm}s and annotated methods. Names are case-insensitive; the canonical
 * ones are in capitals. Immutable, thread-safe.
 *
 * <p>How SQL without a plain function syntax is named here:
 *
 * <pre>
 *   a + INTERVAL d DAY TO SECOND        ADD_MICROS(a, BIGINT microseconds)    a: DATE (whole days), TIME, TIMESTAMP[_LTZ]
 *   a + INTERVAL m YEAR TO MONTH        ADD_MONTHS(a, INT months)             the day is capped at the month's last
 *   a - INTERVAL …                      the same with the NEGATEd interval
 *   a - b as a day-time interval        DIFF_MICROS(a, b)                     BIGINT
 *   EXTRACT(unit FROM a)                EXTRACT('UNIT', a)                    BIGINT
 *   FLOOR(a TO unit), CEIL(a TO unit)   FLOOR(a, 'UNIT'), CEIL(a, 'UNIT')     the type of a
 *   TIMESTAMPADD(unit, n, a)            TIMESTAMPADD('UNIT', n, a)            the type of a
 *   TIMESTAMPDIFF(unit, a, b)           TIMESTAMPDIFF('UNIT', a, b)           INT, whole units from a to b
 *   TRIM(LEADING s FROM x)              LTRIM(x, s); TRAILING: RTRIM(x, s); BOTH: BTRIM(x, s)
 *   x LIKE p ESCAPE e                   LIKE(x, p, e)
 *   POSITION(s IN x)                    POSITION(s, x)
 *   a.f                                 FIELD(a, INT literal: index from 0)
 *   a[i], m[k]                          ITEM(a, i), ITEM(m, k)
 *   x IN (literal, …)                   IN(x, literal, …)
 * </pre>
 *
 * A unit is a STRING literal: MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR; for
 * EXTRACT also DOW (Sunday is 1), ISODOW (Monday is 1), DOY and EPOCH. A day-time interval value is a BIGINT of
 * microseconds, a year-month interval an INT of months.
 */
public final class FunctionRegistry {
    private static final FunctionRegistry BUILT_IN =
            of(
                    StringFunctions.class,
                    PatternFunctions.class,
                    MathFunctions.class,
                    DecimalFunctions.class,
                    TimeFunctions.class,
                    FormatFunctions.class);

    private final Map<String, List<Overload>> methods = new TreeMap<>();
    private final Map<String, String> canonical = new HashMap<>();

    private record Overload(SignaturePattern pattern, ScalarMethod method) {}

    private record Choice(Overload overload, List<DataType> argumentTypes, int distance) {}

    private FunctionRegistry() {}

    /** The functions of the engine. */
    public static FunctionRegistry builtIn() {
        return BUILT_IN;
    }

    /** The special forms and the annotated methods of these classes. */
    public static FunctionRegistry of(Class<?>... libraries) {
        FunctionRegistry registry = new FunctionRegistry();
        for (SpecialForm form : SpecialForm.values()) {
            form.names().forEach(name -> registry.canonical.put(name, name));
        }
        registry.canonical.put("MOD", "%");
        for (Class<?> library : libraries) {
            for (Method method : library.getMethods()) {
                SqlFunction annotation = method.getAnnotation(SqlFunction.class);
                if (annotation != null) {
                    registry.register(method, annotation);
                }
            }
        }
        return registry;
    }

    private void register(Method method, SqlFunction annotation) {
        ScalarMethod scalar = ScalarMethod.of(method, annotation);
        for (String name : annotation.name()) {
            canonical.put(name, scalar.name());
        }
        List<Overload> overloads = methods.computeIfAbsent(scalar.name(), name -> new ArrayList<>());
        for (String signature : annotation.signature()) {
            overloads.add(new Overload(SignaturePattern.parse(signature), scalar));
        }
    }

    /** Canonical names and aliases of all functions, operators included. */
    public Set<String> names() {
        return Set.copyOf(canonical.keySet());
    }

    public boolean contains(String name) {
        return canonical.containsKey(name.toUpperCase(Locale.ROOT));
    }

    /** The canonical name, or null for one that is no function. */
    public String canonicalName(String name) {
        return canonical.get(name.toUpperCase(Locale.ROOT));
    }

    /** What a function takes, for messages and help: {@code SUBSTRING(STRING, INT) -> STRING}. */
    public List<String> describe(String name) {
        String known = canonicalName(name);
        return methods.getOrDefault(known, List.of()).stream().map(o -> known + o.pattern.text()).sorted().toList();
    }

    /**
     * The overload for these arguments. Not for CAST and TRY_CAST, whose result the text names: see {@link
     * TypeRules#canCast}; nor for FIELD.
     *
     * @throws MillraceException UNKNOWN_FUNCTION, or SQL_INVALID when no overload takes the arguments
     */
    public FunctionSignature resolve(String name, List<DataType> arguments) {
        if (!contains(name)) {
            throw new MillraceException(ErrorCode.UNKNOWN_FUNCTION, "no function " + name)
                    .withHelp("Did you mean " + nearest(name.toUpperCase(Locale.ROOT)) + "?");
        }
        return find(name, arguments)
                .orElseThrow(() -> {
                    String given =
                            arguments.stream().map(DataType::toString).collect(Collectors.joining(", ", "(", ")"));
                    List<String> known = describe(name);
                    MillraceException error =
                            new MillraceException(
                                    ErrorCode.SQL_INVALID, "no " + canonicalName(name) + " takes " + given);
                    return known.isEmpty() ? error : error.withHelp("There is " + String.join("; ", known) + ".");
                });
    }

    /** The overload for these arguments, if there is one. */
    public Optional<FunctionSignature> find(String name, List<DataType> arguments) {
        String known = canonicalName(name);
        if (known == null) {
            return Optional.empty();
        }
        SpecialForm form = SpecialForm.of(known);
        FunctionSignature special = form == null ? null : form.resolve(known, arguments);
        return special != null
                ? Optional.of(special)
                : choose(known, arguments).map(choice -> signature(known, choice));
    }

    private static FunctionSignature signature(String name, Choice choice) {
        ScalarMethod method = choice.overload.method();
        boolean nullable =
                switch (method.nulls()) {
                    case NEVER -> false;
                    case NULLABLE -> true;
                    case STRICT, CALLED -> choice.argumentTypes.stream().anyMatch(DataType::nullable);
                };
        return new FunctionSignature(
                name,
                choice.argumentTypes,
                choice.overload.pattern.resultOf(choice.argumentTypes).withNullable(nullable),
                method.nulls(),
                method.deterministic());
    }

    private Optional<Choice> choose(String name, List<DataType> arguments) {
        Choice best = null;
        for (Overload overload : methods.getOrDefault(name, List.of())) {
            List<DataType> matched = overload.pattern.match(arguments);
            if (matched == null) {
                continue;
            }
            int distance = overload.pattern.distance(arguments, matched);
            if (best == null || distance < best.distance) {
                best = new Choice(overload, matched, distance);
            }
        }
        return Optional.ofNullable(best);
    }

    /** The method behind a call with exactly these argument types, if it is a method. */
    public Optional<ScalarMethod> method(String name, List<DataType> arguments) {
        String known = canonicalName(name);
        return known == null ? Optional.empty() : choose(known, arguments).map(choice -> choice.overload.method());
    }

    private String nearest(String name) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String known : new TreeMap<>(canonical).keySet()) {
            int distance = editDistance(name, known);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = known;
            }
        }
        return best;
    }

    private static int editDistance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j - 1], row[j]) + 1);
            }
        }
        return row[b.length()];
    }
}
