package io.millrace.sql.validate;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.catalog.Connectors;
import io.millrace.sql.catalog.PlannerEnvironment;
import io.millrace.sql.parser.Dialect;
import io.millrace.sql.parser.StatementParser;
import io.millrace.sql.statement.StatementSource;
import io.millrace.sql.types.RelTypes;
import io.millrace.sql.types.SqlTypeFactory;
import java.util.List;
import java.util.Properties;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.sql2rel.SqlToRelConverter;

/**
 * Names and types: a parsed query becomes a tree of relational operators, with views and computed columns expanded. One
 * planning, one thread.
 */
public final class RelPlanner {
    private static final SqlToRelConverter.Config CONVERSION =
            SqlToRelConverter.config()
                    .withTrimUnusedFields(false)
                    .withExpand(false)
                    .withInSubQueryThreshold(Integer.MAX_VALUE);

    /** Constants are computed by the engine alone: Calcite's answers are not always the engine's. */
    private static final RexExecutor NOTHING_IS_COMPUTED =
            (builder, expressions, computed) -> computed.addAll(expressions);

    private final RelDataTypeFactory types = new SqlTypeFactory();
    private final PlannerEnvironment environment;
    private final TableSpace tables;
    private final CalciteCatalogReader reader;
    private final RelOptCluster cluster;

    public RelPlanner(Catalog catalog, Connectors connectors, PlannerEnvironment environment) {
        this.environment = environment;
        this.tables = new TableSpace(catalog, connectors, environment, this::expand);
        Properties properties = new Properties();
        properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
        CalciteConnectionConfig config = new CalciteConnectionConfigImpl(properties);
        this.reader = new CalciteCatalogReader(tables.root(), List.of(), types, config);
        HepPlanner planner = new HepPlanner(HepProgram.builder().build());
        planner.setExecutor(NOTHING_IS_COMPUTED);
        this.cluster = RelOptCluster.create(planner, new LiteralCasts(types));
        cluster.setMetadataQuerySupplier(
                () -> new RelMetadataQuery(new ProxyingMetadataHandlerProvider(DefaultRelMetadataProvider.INSTANCE)));
    }

    /** The session that plans. */
    public PlannerEnvironment environment() {
        return environment;
    }

    public RelDataTypeFactory types() {
        return types;
    }

    public RelOptCluster cluster() {
        return cluster;
    }

    /** What connectors may ask of this planning. */
    public ConnectorContext connectorContext() {
        return tables.context();
    }

    /** A validated query. Validating rewrites the nodes in place: they cannot be validated a second time. */
    public RelRoot toRel(SqlNode query) {
        UnsupportedSyntax.check(query);
        SqlValidator validator = validator();
        try {
            SqlNode validated = validator.validate(query);
            TypeChecks.checkCasts(validated, validator);
            return converter(validator).convertQuery(validated, false, true);
        } catch (CalciteContextException e) {
            throw new ValidationErrors(query, tables, types).of(e);
        } catch (RuntimeException e) {
            throw ValidationErrors.located(e, query);
        }
    }

    /** The columns of a query. */
    public RelDataType rowType(SqlNode query) {
        return toRel(query).validatedRowType;
    }

    private SqlValidator validator() {
        SqlValidator.Config config =
                SqlValidator.Config.DEFAULT
                        .withIdentifierExpansion(true)
                        .withDefaultNullCollation(NullCollation.LOW)
                        .withTypeCoercionFactory(Coercion::new)
                        .withConformance(Dialect.INSTANCE);
        return SqlValidatorUtil.newValidator(FunctionTable.operators(), reader, types, config);
    }

    private SqlToRelConverter converter(SqlValidator validator) {
        return new SqlToRelConverter(
                (rowType, queryString, schemaPath, viewPath) -> {
                    throw new UnsupportedOperationException("views expand themselves");
                },
                validator,
                reader,
                cluster,
                Convertlets.INSTANCE,
                CONVERSION);
    }

    /** The type that a DDL type name means. */
    public RelDataType type(SqlDataTypeSpec spec) {
        TypeChecks.check(spec);
        try {
            return spec.deriveType(validator(), true);
        } catch (CalciteContextException e) {
            throw ValidationErrors.ofType(e);
        }
    }

    /** The type of an expression over these columns. */
    public DataType expressionType(StatementSource expression, Schema columns) {
        return RelTypes.toDataType(expression(expression, columns).getType());
    }

    /** An expression over these columns; errors point into it. */
    public RexNode expression(StatementSource expression, Schema columns) {
        SqlNode node = StatementParser.parseExpression(expression);
        SqlNodeList items = SqlNodeList.of(node);
        SqlIdentifier from = new SqlIdentifier(List.of(TableSpace.SCRATCH, "columns"), SqlParserPos.ZERO);
        SqlNode select =
                new SqlSelect(
                        SqlParserPos.ZERO, null, items, from, null, null, null, null, null, null, null, null, null);
        tables.scratch(columns);
        return ((Project) toRel(select).rel).getProjects().getFirst();
    }

    /** A table's event time, over its stored columns; null when it has none. */
    public RexNode eventTime(StoredTable table) {
        if (table.eventTime() == null) {
            return null;
        }
        String sql =
                "SELECT "
                        + table.eventTime().sql()
                        + " FROM "
                        + TableSpace.quote(TableSpace.STORED)
                        + "."
                        + TableSpace.quote(table.name());
        SqlNode query = StatementParser.parseQuery(StatementSource.of(sql));
        SqlValidator validator = validator();
        RelNode rel = converter(validator).convertQuery(validator.validate(query), false, true).rel;
        return ((Project) rel).getProjects().getFirst();
    }

    private RelNode expand(String what, String sql, RelDataType rowType, RelOptTable.ToRelContext context) {
        SqlNode query = StatementParser.parseQuery(StatementSource.of(sql));
        SqlValidator validator = validator();
        try {
            RelRoot root = converter(validator).convertQuery(validator.validate(query), false, true);
            return RelOptUtil.createCastRel(root.rel, rowType, true);
        } catch (CalciteContextException e) {
            throw new ValidationErrors(query, tables, types).of(e).inContext(what).at(null);
        }
    }
}
