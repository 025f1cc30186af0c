package io.millrace.connectors.filesystem;

class CsvSinkContractTest extends FileSinkContract {
    @Override
    protected String format() {
        return "csv";
    }
}
