package io.millrace.operators.evaluation;

import io.millrace.memory.time.Clock;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.expression.Expressions;
import io.millrace.operators.lowered.Lowered;
import io.millrace.operators.lowered.Lowering;

/**
 * Lowering of expressions that a planner may not have put in a session: their time is then this moment, their zone UTC.
 */
final class Sessions {
    private Sessions() {}

    static Lowered lower(Expression expression, Clock clock) {
        Expressions.Session session = Expressions.sessionOf(expression);
        return Lowering.lower(Expressions.inSession(session.expression(), clock.epochMicros(), session.zone()));
    }
}
