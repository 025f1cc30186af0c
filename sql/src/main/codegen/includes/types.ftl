<#-- Type names beyond Calcite's: STRING, BYTES, TIMESTAMP_LTZ(p), and ARRAY<>, MAP<>, ROW<> or ROW() whose members
     are nullable unless they say NOT NULL. -->
SqlTypeNameSpec MillraceTypeName() :
{
    final Span s;
    int precision = -1;
    SqlDataTypeSpec first;
    SqlDataTypeSpec second;
    final List<String> names = new ArrayList<String>();
    final List<SqlDataTypeSpec> types = new ArrayList<SqlDataTypeSpec>();
}
{
    <STRING> { return new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, Integer.MAX_VALUE, getPos()); }
|
    <BYTES> { return new SqlBasicTypeNameSpec(SqlTypeName.VARBINARY, Integer.MAX_VALUE, getPos()); }
|
    <TIMESTAMP_LTZ> { s = span(); }
    precision = PrecisionOpt()
    { return new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, precision, s.end(this)); }
|
    <ARRAY> { s = span(); } <LT> first = NullableDataType() <GT>
    { return NestedTypeName.array(first, s.end(this)); }
|
    <MAP> { s = span(); } <LT> first = NullableDataType() <COMMA> second = NullableDataType() <GT>
    { return NestedTypeName.map(first, second, s.end(this)); }
|
    <ROW> { s = span(); }
    (
        <LT> [ AddRowField(names, types) ( <COMMA> AddRowField(names, types) )* ] <GT>
    |
        <LPAREN> [ AddRowField(names, types) ( <COMMA> AddRowField(names, types) )* ] <RPAREN>
    )
    { return NestedTypeName.row(names, types, s.end(this)); }
}

SqlDataTypeSpec NullableDataType() :
{
    final SqlDataTypeSpec type;
    final boolean nullable;
}
{
    type = DataType()
    nullable = NullableOptDefaultTrue()
    { return type.withNullable(nullable, getPos()); }
}

void AddRowField(List<String> names, List<SqlDataTypeSpec> types) :
{
    final SqlIdentifier name;
    final SqlDataTypeSpec type;
}
{
    name = SimpleIdentifier()
    type = NullableDataType()
    [ <COMMENT> SimpleStringLiteral() ]
    {
        names.add(name.getSimple());
        types.add(type);
    }
}
