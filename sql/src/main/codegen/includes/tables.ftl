<#-- CREATE TABLE, its columns, watermark, key, options and LIKE. -->
Statement CreateTableStatement(StatementSource source, boolean temporary) :
{
    final boolean ifNotExists;
    final Name name;
    final TableElements elements = new TableElements();
    StatementSource query = null;
    String comment = null;
    final List<Name> partitions = new ArrayList<Name>();
    final List<TableOption> options = new ArrayList<TableOption>();
}
{
    <TABLE>
    ifNotExists = IfNotExists()
    name = TableName()
    [
        <LPAREN>
        AddTableElement(source, elements)
        ( <COMMA> AddTableElement(source, elements) )*
        <RPAREN>
    ]
    [ <COMMENT> comment = SimpleStringLiteral() ]
    [ <PARTITIONED> <BY> NameList(partitions) ]
    [ <WITH> TableOptions(options) ]
    [ TableLikeClause(elements) ]
    [ <AS> query = QueryText(source) ]
    {
        return elements.createTable(source, name, temporary, ifNotExists, comment, partitions, options, query);
    }
}

void AddTableElement(StatementSource source, TableElements elements) :
{
    final Name name;
    final StatementSource expression;
    final List<Name> key = new ArrayList<Name>();
    final SqlParserPos pos;
}
{
    LOOKAHEAD(2)
    <WATERMARK> <FOR> name = ColumnName() <AS> expression = ExpressionText(source)
    { elements.watermark(name, expression); }
|
    [ <CONSTRAINT> SimpleIdentifier() ]
    <PRIMARY> { pos = getPos(); } <KEY> NameList(key) NotEnforced()
    { elements.primaryKey(key, pos); }
|
    <LIKE> name = TableName()
    { elements.like(name); }
|
    AddColumn(source, elements)
}

void AddColumn(StatementSource source, TableElements elements) :
{
    final Name name;
    final StatementSource expression;
    SqlDataTypeSpec type;
    SqlParserPos keyPos = null;
    String comment = null;
    boolean metadata = false;
    String metadataKey = null;
    boolean virtual = false;
}
{
    name = ColumnName()
    (
        <AS> expression = ExpressionText(source)
        [ <COMMENT> comment = SimpleStringLiteral() ]
        { elements.computed(name, expression, comment); }
    |
        type = NullableDataType()
        [ <PRIMARY> { keyPos = getPos(); } <KEY> NotEnforced() ]
        [
            <METADATA> { metadata = true; }
            [ <FROM> metadataKey = SimpleStringLiteral() ]
            [ <VIRTUAL> { virtual = true; } ]
        ]
        [ <COMMENT> comment = SimpleStringLiteral() ]
        {
            if (metadata) {
                elements.metadata(name, type, metadataKey, virtual, comment);
            } else {
                elements.physical(name, type, comment);
            }
            if (keyPos != null) {
                elements.primaryKey(Collections.singletonList(name), keyPos);
            }
        }
    )
}

void NotEnforced() :
{
}
{
    <NOT> <ENFORCED>
}

void TableOptions(List<TableOption> options) :
{
}
{
    <LPAREN>
    [ AddTableOption(options) ( <COMMA> AddTableOption(options) )* ]
    <RPAREN>
}

void AddTableOption(List<TableOption> options) :
{
    final String key;
    final SqlParserPos keyPos;
    final String value;
}
{
    key = SimpleStringLiteral() { keyPos = getPos(); }
    <EQ>
    value = SimpleStringLiteral()
    { options.add(TableOption.of(key, keyPos, value, getPos())); }
}

void TableLikeClause(TableElements elements) :
{
    final Name name;
}
{
    <LIKE> name = TableName() { elements.like(name); }
    [
        <LPAREN>
        ( AddLikeOption(elements) )+
        <RPAREN>
    ]
}

void AddLikeOption(TableElements elements) :
{
    final LikeClause.Merge merge;
    final LikeClause.Part part;
}
{
    (
        <INCLUDING> { merge = LikeClause.Merge.INCLUDING; }
    |
        <EXCLUDING> { merge = LikeClause.Merge.EXCLUDING; }
    |
        <OVERWRITING> { merge = LikeClause.Merge.OVERWRITING; }
    )
    (
        <ALL> { part = LikeClause.Part.ALL; }
    |
        <CONSTRAINTS> { part = LikeClause.Part.CONSTRAINTS; }
    |
        <GENERATED> { part = LikeClause.Part.GENERATED; }
    |
        <METADATA> { part = LikeClause.Part.METADATA; }
    |
        <OPTIONS> { part = LikeClause.Part.OPTIONS; }
    |
        <PARTITIONS> { part = LikeClause.Part.PARTITIONS; }
    |
        <WATERMARKS> { part = LikeClause.Part.WATERMARKS; }
    )
    { elements.likeOption(merge, part); }
}

<#-- A string literal in FROM names files; it becomes an identifier in a schema of its own. -->
SqlNode FileTable() :
{
    final String path;
}
{
    <QUOTED_STRING>
    {
        path = SqlParserUtil.parseString(token.image);
        return FileTables.identifier(path, getPos());
    }
}
