package io.millrace.connectors.filesystem;

import java.util.List;

class JsonTableContractTest extends TextTableContract {
    @Override
    protected String format() {
        return "json";
    }

    @Override
    protected String header() {
        return "";
    }

    @Override
    protected String record(long id, String name, String time) {
        return "{\"id\": " + id + (name == null ? "" : ", \"name\": \"" + name + "\"") + ", \"t\": \"" + time + "\"}\n";
    }

    @Override
    protected List<String> badLines() {
        return List.of("{\"id\": \"x\"}", "{\"id\": 1");
    }
}
