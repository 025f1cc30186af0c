/**
 * Plans that are stored with a job's checkpoints, so that an unchanged script runs the operators that it ran. Start
 * with {@link io.millrace.engine.plan.StoredPlan}. A plan is one JSON object:
 *
 * <pre>
 *   {"conditions": TEXT, "graph": RECORD}
 *   RECORD   {"is": its class, one field a component of the record}
 *   value    null, true, a number, "text" (also of enums and types), [values], or a RECORD
 *   literal  {"is": its Java class, "value": its text}
 * </pre>
 *
 * <p>Sources and sinks are not in it: a plan is bound to those of its tables, which a script says. A plan with a class
 * or a component that this version does not know cannot be read, and the script is planned anew.
 */
package io.millrace.engine.plan;
