package io.millrace.connectors.filesystem;

import java.util.List;

class CsvTableContractTest extends TextTableContract {
    @Override
    protected String format() {
        return "csv";
    }

    @Override
    protected String header() {
        return "name,t,\"id\"\r\n";
    }

    @Override
    protected String record(long id, String name, String time) {
        return (name == null ? "" : "\"" + name + "\"") + "," + time + "," + id + "\n";
    }

    @Override
    protected List<String> badLines() {
        return List.of("a,2026-01-01 00:00:00,x", "a,b");
    }
}
