/**
 * Our types and Calcite's.
 *
 * <p>{@link io.millrace.sql.types.RelTypes} converts both ways; {@link io.millrace.sql.types.FlinkTypeSystem} has the
 * rules for precision, scale and the results of arithmetic and aggregates; {@link io.millrace.sql.types.SqlTypeFactory}
 * puts them to work. All are stateless but the factory, which caches; one planner has one.
 */
package io.millrace.sql.types;
