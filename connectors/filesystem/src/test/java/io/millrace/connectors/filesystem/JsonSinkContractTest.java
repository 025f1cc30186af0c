package io.millrace.connectors.filesystem;

class JsonSinkContractTest extends FileSinkContract {
    @Override
    protected String format() {
        return "json";
    }
}
