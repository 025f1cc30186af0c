package io.millrace.sql.parser;

import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/** What our dialect allows beyond Calcite's default. */
public final class Dialect extends SqlDelegatingConformance {
    public static final Dialect INSTANCE = new Dialect();

    private Dialect() {
        super(SqlConformanceEnum.DEFAULT);
    }

    /** {@code GROUP BY 1}. */
    @Override
    public boolean isGroupByOrdinal() {
        return true;
    }

    /** {@code !=} for {@code <>}. */
    @Override
    public boolean isBangEqualAllowed() {
        return true;
    }

    /** {@code %} for MOD. */
    @Override
    public boolean isPercentRemainderAllowed() {
        return true;
    }

    /** {@code LIMIT 2, 5} is not ours; {@code OFFSET 2 LIMIT 5} is. */
    @Override
    public boolean isOffsetLimitAllowed() {
        return true;
    }
}
