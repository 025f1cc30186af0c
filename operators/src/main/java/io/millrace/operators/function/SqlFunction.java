package io.millrace.operators.function;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a public static method a SQL function; its class is named in {@link FunctionRegistry}.
 *
 * <p>Parameters are, in this order: one carrier for each SQL argument, then at most one call-site state, then at most
 * one output. Carriers:
 *
 * <pre>
 *   BOOLEAN                                        boolean
 *   TINYINT … BIGINT, DATE, TIME, TIMESTAMP[_LTZ]  long, in the unit of the column (days, microseconds)
 *   FLOAT, DOUBLE                                  double
 *   DECIMAL of any precision                       long high, long low: the unscaled value
 *   STRING, BYTES                                  {@link Text}, valid for the call
 *   varargs of STRING                              {@link Text}[]
 * </pre>
 *
 * <p>The state is an object of a public class with a public constructor that takes a {@link CallSite}; each call in a
 * query has one, used by one thread: compiled patterns, scales, the session's zone. The output is a {@link Text} for
 * STRING and BYTES (the method returns void), an {@link Outcome} for DECIMAL or for a method that may give NULL;
 * otherwise the method returns the carrier. A result outside the range of the SQL type is an error that the evaluator
 * raises.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface SqlFunction {
    /** The name in capitals, then its aliases. */
    String[] name();

    /**
     * What it takes and gives: {@code "(STRING, INT) -> STRING"}. A word is a type constructor, {@code INTEGER} for any
     * of the integers as they are, {@code ANY}; {@code DECIMAL} and {@code TIMESTAMP} stand for any precision. {@code
     * STRING...} last means one or more. The result may be {@code $0}, the type of the first argument.
     */
    String[] signature();

    NullBehaviour nulls() default NullBehaviour.STRICT;

    /** Whether equal arguments give equal results for ever, so that a call of literals may be folded. */
    boolean deterministic() default true;
}
