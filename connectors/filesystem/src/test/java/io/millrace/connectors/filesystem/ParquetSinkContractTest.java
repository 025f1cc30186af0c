package io.millrace.connectors.filesystem;

class ParquetSinkContractTest extends FileSinkContract {
    @Override
    protected String format() {
        return "parquet";
    }
}
