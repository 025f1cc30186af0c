/**
 * Scalar functions: what they are called, which overload takes what, and what they compute for one row.
 *
 * <p>Read {@link io.millrace.operators.function.FunctionRegistry} first: planners ask it for types, evaluators for
 * methods. A function is one public static method with a {@link io.millrace.operators.function.SqlFunction} annotation
 * in one of the library classes here ({@code …Functions}); both evaluators call that method, one through a handle, the
 * other from generated code. Those whose meaning is not a computation on present values are {@link
 * io.millrace.operators.function.SpecialForm}s.
 *
 * <p>The registry is immutable and shared; {@link io.millrace.operators.function.Text}, {@link
 * io.millrace.operators.function.Outcome} and call-site states belong to one call and one thread.
 */
package io.millrace.operators.function;
