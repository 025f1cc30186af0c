package io.millrace.sql.translate;

import io.millrace.sql.plan.SourcePlaces;
import io.millrace.sql.validate.RelPlanner;
import org.apache.calcite.rel.RelNode;

/**
 * An optimised tree with what translating it needs besides.
 *
 * @param statementMicros when it was planned: what CURRENT_TIMESTAMP gives
 */
public record PlanInput(RelNode root, SourcePlaces places, RelPlanner planner, long statementMicros) {}
