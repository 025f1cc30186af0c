<#-- The entry point and every statement but CREATE TABLE. -->
Statement StatementEof(StatementSource source) :
{
    final Statement statement;
}
{
    statement = OneStatement(source) <EOF>
    { return statement; }
}

Statement OneStatement(StatementSource source) :
{
    final Statement statement;
}
{
    (
        statement = CreateStatement(source)
    |
        statement = DropStatement(source)
    |
        statement = InsertStatement(source)
    |
        statement = StatementSetStatement(source)
    |
        statement = SetStatement(source)
    |
        statement = ResetStatement(source)
    |
        statement = ExplainStatement(source)
    |
        statement = ShowStatement(source)
    |
        statement = DescribeStatement(source)
    |
        statement = QueryStatement(source)
    )
    { return statement; }
}

<#-- Checks a query's grammar and keeps its text: planning parses it anew, because validation rewrites what it is given. -->
StatementSource QueryText(StatementSource source) :
{
    final SqlParserPos start;
}
{
    { start = nextPos(); }
    OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    { return source.part(start, getPos()); }
}

StatementSource ExpressionText(StatementSource source) :
{
    final SqlParserPos start;
}
{
    { start = nextPos(); }
    Expression(ExprContext.ACCEPT_NON_QUERY)
    { return source.part(start, getPos()); }
}

JAVACODE SqlParserPos nextPos()
{
    final Token next = getToken(1);
    return new SqlParserPos(next.beginLine, next.beginColumn, next.endLine, next.endColumn);
}

SqlNode QueryEof() :
{
    final SqlNode query;
}
{
    query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) <EOF>
    { return query; }
}

Statement QueryStatement(StatementSource source) :
{
    final StatementSource query;
}
{
    query = QueryText(source)
    { return new Statement.Query(source, query); }
}

Statement CreateStatement(StatementSource source) :
{
    boolean replace = false;
    boolean temporary = false;
    final Statement statement;
}
{
    <CREATE>
    [ <OR> <REPLACE> { replace = true; } ]
    (
        <MATERIALIZED>
        statement = CreateMaterializedViewStatement(source, replace)
    |
        [ <TEMPORARY> { temporary = true; } ]
        (
            statement = CreateTableStatement(source, temporary)
        |
            statement = CreateViewStatement(source, temporary, replace)
        )
    )
    { return statement; }
}

Statement CreateViewStatement(StatementSource source, boolean temporary, boolean replace) :
{
    final boolean ifNotExists;
    final Name name;
    final List<Name> columns = new ArrayList<Name>();
    String comment = null;
    final StatementSource query;
}
{
    <VIEW>
    ifNotExists = IfNotExists()
    name = TableName()
    [ NameList(columns) ]
    [ <COMMENT> comment = SimpleStringLiteral() ]
    <AS>
    query = QueryText(source)
    { return new Statement.CreateView(source, name, columns, temporary, replace, ifNotExists, comment, query); }
}

Statement CreateMaterializedViewStatement(StatementSource source, boolean replace) :
{
    final boolean ifNotExists;
    final Name name;
    final List<Name> columns = new ArrayList<Name>();
    final List<Name> key = new ArrayList<Name>();
    String comment = null;
    final List<TableOption> options = new ArrayList<TableOption>();
    final StatementSource query;
}
{
    <VIEW>
    ifNotExists = IfNotExists()
    name = TableName()
    [
        <LPAREN>
        (
            AddViewKey(key)
        |
            AddColumnName(columns)
            ( <COMMA> ( AddViewKey(key) | AddColumnName(columns) ) )*
        )
        <RPAREN>
    ]
    [ AddViewKey(key) ]
    [ <COMMENT> comment = SimpleStringLiteral() ]
    [ <WITH> TableOptions(options) ]
    <AS>
    query = QueryText(source)
    {
        return new Statement.CreateMaterializedView(source, name, columns, key, replace, ifNotExists, comment, options, query);
    }
}

void AddViewKey(List<Name> key) :
{
}
{
    [ <CONSTRAINT> SimpleIdentifier() ]
    <PRIMARY> <KEY> NameList(key) [ NotEnforced() ]
}

Statement DropStatement(StatementSource source) :
{
    DropTarget target;
    boolean ifExists = false;
    final Name name;
}
{
    <DROP>
    [ <TEMPORARY> ]
    (
        <TABLE> { target = DropTarget.TABLE; }
    |
        <VIEW> { target = DropTarget.VIEW; }
    |
        <MATERIALIZED> <VIEW> { target = DropTarget.MATERIALIZED_VIEW; }
    )
    [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
    name = TableName()
    { return new Statement.Drop(source, target, name, ifExists); }
}

Statement.Insert InsertStatement(StatementSource source) :
{
    final SqlParserPos start;
    final Name target;
    final List<Name> columns = new ArrayList<Name>();
    final StatementSource query;
}
{
    <INSERT> { start = getPos(); }
    <INTO>
    target = TableName()
    [ LOOKAHEAD(<LPAREN> SimpleIdentifier() ( <COMMA> | <RPAREN> )) NameList(columns) ]
    query = QueryText(source)
    { return new Statement.Insert(source.part(start, getPos()), target, columns, query); }
}

Statement StatementSetStatement(StatementSource source) :
{
    final List<Statement.Insert> inserts = new ArrayList<Statement.Insert>();
    Statement.Insert insert;
}
{
    (
        <BEGIN> <STATEMENT> <SET> <SEMICOLON>
    |
        <EXECUTE> <STATEMENT> <SET> <BEGIN>
    )
    (
        insert = InsertStatement(source) { inserts.add(insert); }
        <SEMICOLON>
    )+
    <END>
    { return new Statement.StatementSet(source, inserts); }
}

Statement SetStatement(StatementSource source) :
{
    String key = null;
    SqlParserPos keyPos = null;
    String value = null;
    SqlParserPos valuePos = null;
}
{
    <SET>
    [
        key = SettingKey() { keyPos = getPos(); }
        <EQ>
        value = SettingValue() { valuePos = getPos(); }
    ]
    {
        if (key == null) {
            return new Statement.ShowSettings(source);
        }
        return new Statement.SetOption(source, TableOption.of(key, keyPos, value, valuePos));
    }
}

Statement ResetStatement(StatementSource source) :
{
    String key = null;
    SqlParserPos keyPos = null;
}
{
    <RESET>
    [
        <ALL>
    |
        key = SettingKey() { keyPos = getPos(); }
    ]
    { return new Statement.Reset(source, key == null ? null : new Name(key, StatementSource.position(keyPos))); }
}

String SettingKey() :
{
    final String key;
    final SqlIdentifier id;
}
{
    key = SimpleStringLiteral() { return key; }
|
    id = CompoundIdentifier() { return id.toString(); }
}

String SettingValue() :
{
    final String value;
    final SqlIdentifier id;
}
{
    value = SimpleStringLiteral() { return value; }
|
    [ <MINUS> ] ( <UNSIGNED_INTEGER_LITERAL> | <DECIMAL_NUMERIC_LITERAL> ) { return token.image; }
|
    ( <TRUE> | <FALSE> | <ON> ) { return token.image; }
|
    id = CompoundIdentifier() { return id.toString(); }
}

Statement ExplainStatement(StatementSource source) :
{
    boolean json = false;
    final Statement statement;
}
{
    <EXPLAIN>
    [
        <MEMORY> { return new Statement.ExplainMemory(source); }
    |
        <PLAN> [ <AS> <JSON> { json = true; } ] <FOR>
    |
        <AS> <JSON> { json = true; } [ <FOR> ]
    |
        ExplainDetail() ( <COMMA> ExplainDetail() )*
    ]
    (
        statement = QueryStatement(source)
    |
        statement = InsertStatement(source)
    |
        statement = StatementSetStatement(source)
    |
        statement = CreateStatement(source)
    )
    { return new Statement.Explain(source, statement, json); }
}

<#-- Flink's details; the plan always shows what it has. -->
void ExplainDetail() :
{
}
{
    <ESTIMATED_COST> | <CHANGELOG_MODE> | <JSON_EXECUTION_PLAN> | <PLAN_ADVICE>
}

Statement ShowStatement(StatementSource source) :
{
    final ShowTarget target;
    Name name = null;
    String like = null;
}
{
    <SHOW>
    (
        (
            <TABLES> { target = ShowTarget.TABLES; }
        |
            <VIEWS> { target = ShowTarget.VIEWS; }
        |
            <MATERIALIZED> <VIEWS> { target = ShowTarget.MATERIALIZED_VIEWS; }
        |
            [ <USER> ] <FUNCTIONS> { target = ShowTarget.FUNCTIONS; }
        )
        [ <LIKE> like = SimpleStringLiteral() ]
        { return new Statement.Show(source, target, null, like); }
    |
        <CREATE> ( <TABLE> | [ <MATERIALIZED> ] <VIEW> ) name = TableName()
        { return new Statement.Show(source, ShowTarget.CREATE, name, null); }
    |
        <COLUMNS> ( <FROM> | <IN> ) name = TableName()
        { return new Statement.Describe(source, name); }
    )
}

Statement DescribeStatement(StatementSource source) :
{
    final Name name;
}
{
    ( <DESCRIBE> | <DESC> )
    [ <TABLE> ]
    name = TableName()
    { return new Statement.Describe(source, name); }
}

boolean IfNotExists() :
{
}
{
    LOOKAHEAD(2)
    <IF> <NOT> <EXISTS> { return true; }
|
    { return false; }
}

Name TableName() :
{
    final SqlIdentifier id;
}
{
    id = CompoundIdentifier()
    { return Name.ofTable(id); }
}

Name ColumnName() :
{
    final SqlIdentifier id;
}
{
    id = SimpleIdentifier()
    { return Name.of(id); }
}

void AddColumnName(List<Name> names) :
{
    final Name name;
}
{
    name = ColumnName() { names.add(name); }
}

void NameList(List<Name> names) :
{
}
{
    <LPAREN> AddColumnName(names) ( <COMMA> AddColumnName(names) )* <RPAREN>
}

<#-- Reads from here on, counting from this place; a tab counts as one column. -->
void open(Reader reader, int line, int column) :
{
    jj_input_stream.ReInit(reader, line, column);
    jj_input_stream.setTabSize(1);
}
{
    { }
}
